"""Soft targets over Mikels' eight for OASIS: hand-written theme lists, then the picture's own ratings.

A theme says which emotions its content can evoke; the human ratings decide among them, and how far from even the
distribution is. These are priors written by hand, not human labels of the eight classes; only valence and arousal are.
"""

from collections.abc import Sequence

import numpy as np

from emopair import EMOTIONS

THEMES: dict[str, str] = {
    "amusement": "Monkey,Rubber duck,Tickling,Party,Birthday,Ferret,Dog,Cat,Rollercoaster,Bubble,Meerkat,Pig,Chipmunk,"
    "Toast,Bar,Alcohol,Children,Happy pose,Smiling face,Happy face,Dancing,Siblings,Present,Dessert,Penguins,Swingset,"
    "Orangutan,Goat,Raccoon,Celebration,Parade,Excited face,Pumpkin,Gorrila,Seal,Rooster",
    "anger": "Angry face,Angry pose,KKK rally,Neonazi,War,Police,Shooting,Skinhead,Frustrated pose,Soldiers,Intensity,"
    "Child labor,Pollution,Dog attack,Gun,Prison,Weapon,Boxing",
    "awe": "Lake,Bridge,Galaxy,Astronaut,Waterfall,Volcano,Lava,Lightning,Moon,Rainbow,Fireworks,Sky,Satellite,"
    "Skyscraper,Elephant,Lion,Tiger,Nature,Sunset,Sun,City,Statue,Desert,Thunderstorm,Zebra,Horse,Stingray,Building,"
    "Wolf,Bear,Beach,Research,Tornado",
    "contentment": "Baby,Flowers,Grass,Couple,Gazing,Beach,Camping,Dock,Path,Picnic,Massage,Yoga,Coffee,Food,Soup,"
    "Eating,Mother,Father,Lamb,Bird,Acorns,Candle,Wedding,Wedding ring,Sunflower,Clean,Drink,Pinecone,Barbeque,Boat,"
    "Guitar,Musician,Windmill,Snow,House,School,Collaboration,Dog,Cat,Woods,Sailing,Lake,Nature,Sunset,Heart,Horse,"
    "Ornament,Swimming,Neutral pose,Road",
    "disgust": "Animal carcass,Cockroach,Dirt,Feces,Garbage dump,Injury,Severed finger,Toilet,Tumor,Surgery,Bee,"
    "Opossum,Pollution,Hangover,Spider,Bloody knife,Dummy,Dead bodies,Shot,Crow,Pigeon",
    "excitement": "Archery,Biking,Boxing,Bungee jumping,Car race,Car,Cheerleader,Cliff diver,Celebration,Hang gliding,"
    "Horse racing,Motocross,Parachuting,Parade,Parasailing,Performance,Rafting,Rock climbing,Rollercoaster,Rugby,"
    "Running away,Skier,Skijump,Skydiving,Soccer,Football player,Fireworks,Band,Exercise,Money,Excited face,Party,"
    "Dancing,Frisbee,Traffic,Sailing,Surprise,Intensity",
    "fear": "Snake,Spider,Shark,Fire,Explosion,Tornado,Gun,Knife,Bloody knife,Scary face,Scared face,Scared cat,"
    "Dog attack,Lightning,Thunderstorm,Flood,Volcano,Lava,Plane crash,Car crash,Car accident,Torture chamber,Hallway,"
    "Gargoyle,Weapon,Dummy,Wolf,Bear,War,Fireman,Bee",
    "sadness": "Ambulance,Bored face,Cemetery,Graveyard,Funeral,Sad face,Sad pose,Miserable face,Miserable pose,"
    "Depressed face,Depressed pose,Destruction,Jail,Prison,Memorial,Dead bodies,Car accident,Car crash,Flood,"
    "Child labor,Hangover,Cold,Sleepy pose,Bored pose,Doctor,Storage,Plane crash,Pollution,Hallway,Woods",
}
PLACES = np.array(
    [[5.5, 3.9], [2.6, 4.2], [5.4, 4.2], [5.6, 3.0], [2.3, 3.9], [5.2, 4.6], [2.9, 4.6], [2.7, 3.4]], np.float32
)
"""Each emotion's place in valence and arousal, on OASIS' scale from 1 to 7."""
SPREAD = 0.9
UNNAMED = 0.12
"""Weight of an emotion whose list does not name the theme."""


def soft_targets(themes: Sequence[str], valence: np.ndarray, arousal: np.ndarray) -> np.ndarray:
    """Distributions `[N,8]`; near-neutral ratings pull towards even."""
    named = np.array([[1.0 if t in THEMES[e].split(",") else UNNAMED for e in EMOTIONS] for t in themes])
    away = np.stack([valence, arousal], 1)[:, None] - PLACES[None]
    shares = named * np.exp(-0.5 * ((away / SPREAD) ** 2).sum(-1)) + 1e-6
    shares /= shares.sum(1, keepdims=True)
    strength = np.clip(np.hypot((valence - 4.3) / 1.4, (arousal - 2.5) / 2.2), 0, 1)[:, None] * 0.85
    return (strength * shares + (1 - strength) / len(EMOTIONS)).astype(np.float32)
