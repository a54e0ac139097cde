import type { KnownDefects } from "./known-defects.ts";

/** What tgt 1.0.85 (Debian 12), and its newest source too, does wrong as a tape drive (SSC-5), found by running it. */
const positionIsZero = "tgt answers READ POSITION with zeros wherever the tape stands";

export const tgtDriveDefects: KnownDefects = {
  "keeps filemarks in its buffer in their place, and has them on the tape after a flush": positionIsZero,
  "rejects a block that is larger than the room, and stands behind it": positionIsZero,
  "goes to objects and files, and says when there are fewer": positionIsZero,
  "ends the data where it was written last": positionIsZero,
  "warns before the end, takes what closes an archive, and ends with a result":
    "tgt warns without end behind the capacity, takes the data all the same and never reports VOLUME OVERFLOW",
  "tells who it is, what is loaded and how much fits": "tgt sets WORMM in mode page 1Dh for every cartridge",
  "lets go of its cartridge and takes it again": "tgt ignores LOAD UNLOAD without the bit of START STOP UNIT, so the drive stays ready",
};

/** All element types at once are garbled, and no answer is longer than its last descriptor less 8 bytes: the driver reads past both. */
export const tgtChangerDefects: KnownDefects = {
  "tells the serial number of every drive": "tgt sends READ ELEMENT STATUS 8 bytes short, so that the last drive's serial number is cut off",
};
