import * as z from 'zod/mini';

const nameSchema = z.string().check(z.minLength(1), z.maxLength(100));
const seedSchema = z.int().check(z.gte(0), z.lte(0xffffffff));

/** Most elements of a plan. */
const MOST_ELEMENTS = 8;
/** Most instructions that a request may rule out. */
const MOST_BANNED = 64;

/** One element of a scene, such as `fog`: which elements and parameters there are is the server's to say. */
export const plannedElementSchema = z.object({
  element: nameSchema,
  /** Each in the unit that the server's table gives; one that is left out takes the middle of its range. */
  parameters: z.readonly(z.record(nameSchema, z.number())),
  seed: seedSchema,
  /** 0 leaves the picture as it is, 1 draws the element as its parameters say. */
  strength: z.number().check(z.gte(0), z.lte(1)),
});

/**
 * What an edit does to the scene beside its light. It names nothing of the photograph, so that it can be carried out on
 * another one.
 */
export const scenePlanSchema = z.object({
  /** Id of the instruction that the plan carries out, such as `fear/moonlit-fog`. */
  instruction: z.nullable(nameSchema),
  elements: z.readonly(z.array(plannedElementSchema).check(z.maxLength(MOST_ELEMENTS))),
});
export type ScenePlan = z.infer<typeof scenePlanSchema>;

/** A plan as it is told: with its instruction in words. */
export const toldSceneSchema = z.object({
  plan: scenePlanSchema,
  /** Such as “make it a foggy night under the moon”; null for a plan without an instruction. */
  sentence: z.nullable(z.string()),
});
export type ToldScene = z.infer<typeof toldSceneSchema>;

/** What a request says of the scene. */
export const sceneChoiceSchema = z.object({
  /** False: the light alone is changed. */
  elements: z._default(z.boolean(), true),
  /** This instruction and no other. */
  instruction: z.optional(nameSchema),
  /** None of these. */
  banned: z.optional(z.array(nameSchema).check(z.maxLength(MOST_BANNED))),
  /** Exactly this plan, as an earlier edit told it; goes before the two others. */
  plan: z.optional(scenePlanSchema),
});
export type SceneChoice = z.infer<typeof sceneChoiceSchema>;

/** An instruction that a server can carry out. */
export const offeredInstructionSchema = z.object({
  id: z.string(),
  emotion: z.string(),
  sentence: z.string(),
});
export type OfferedInstruction = z.infer<typeof offeredInstructionSchema>;
