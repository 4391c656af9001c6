/** One assumption of the fake about Photoshop or UXP. */
export interface Rule {
  readonly id: string;
  readonly rule: string;
  /** A page of AdobeDocs/uxp-photoshop at 6edd63f, below src/pages, or a repository that reports it. */
  readonly source: string;
  /** By Adobe's documents; by reports of other plugins; or assumed, where the fake takes the stricter way. */
  readonly known: 'documented' | 'reported' | 'assumed';
}

export const documented = (id: string, source: string, rule: string): Rule => ({
  id,
  rule,
  source,
  known: 'documented',
});
export const reported = (id: string, source: string, rule: string): Rule => ({
  id,
  rule,
  source,
  known: 'reported',
});
export const assumed = (id: string, source: string, rule: string): Rule => ({
  id,
  rule,
  source,
  known: 'assumed',
});
