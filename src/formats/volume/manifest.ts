import { rfc3339, StrongroomError } from "../../words/index.ts";
import { maxManifestBytes, maxObjects } from "./limits.ts";
import type { ObjectRole } from "./medium.ts";
import { manifestName } from "./names.ts";

/** One object of a volume as its manifest lists it. */
export interface ManifestObject {
  readonly number: number;
  readonly role: ObjectRole;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Every object of a volume up to, and without, the trailer that holds the manifest. */
export interface Manifest {
  readonly volumeUuid: string;
  readonly barcode: string;
  readonly medium: "tape" | "folder";
  /** Object number of the trailer; the objects are all those below it. */
  readonly trailerNumber: number;
  readonly writtenAtMs: number;
  readonly objects: readonly ManifestObject[];
  /** The other members of that trailer, so that a change in any of them is seen without opening it. */
  readonly members: readonly ManifestMember[];
}

export interface ManifestMember {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const title = "# strongroom-manifest 1";

/**
 * The text that is signed. Everything of ours is a comment to `sha256sum --check`, so that
 * `gpg --decrypt manifest.txt | sha256sum --check -` proves a volume without any program of ours.
 */
export function manifestText(manifest: Manifest): string {
  const { medium, objects, trailerNumber } = manifest;
  if (objects.length !== trailerNumber || objects.some(({ number }, index) => number !== index)) {
    throw new StrongroomError("internal", "MANIFEST_GAP", "a manifest must list every object before its trailer; nothing was "
      + "written");
  }
  const head = [
    title,
    `# volume: ${manifest.volumeUuid}`,
    `# barcode: ${manifest.barcode}`,
    `# medium: ${medium}`,
    `# trailer: ${String(trailerNumber)}`,
    `# written: ${rfc3339(manifest.writtenAtMs)}`,
    "# check with: gpg --decrypt manifest.txt | sha256sum --check -",
  ];
  const lines = objects.map(({ number, role, sizeBytes, sha256 }) =>
    `# ${role} ${String(sizeBytes)}\n${sha256}  ${manifestName(medium, number, role)}`);
  const members = manifest.members.map(({ name, sizeBytes, sha256 }) => `# member ${String(sizeBytes)} ${sha256} ${name}`);
  return `${[...head, ...lines, ...members].join("\n")}\n`;
}

/** Strict reverse of manifestText, for a text whose signature was checked. Throws `MANIFEST_WRONG`. */
export function parseManifestText(text: string): Manifest {
  if (text.length > maxManifestBytes) throw wrong("it is too large");
  const lines = text.replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");
  if (lines[0] !== title) throw wrong("its first line is not that of a manifest");
  const field = (index: number, key: string, pattern: RegExp): string => {
    const value = lines[index]?.startsWith(`# ${key}: `) === true ? lines[index].slice(key.length + 4) : "";
    if (!pattern.test(value)) throw wrong(`line ${String(index + 1)} is not ${key}`);
    return value;
  };
  const medium = field(3, "medium", /^(?:tape|folder)$/) as "tape" | "folder";
  const trailerNumber = Number(field(4, "trailer", /^[1-9]\d{0,6}$/));
  if (trailerNumber > maxObjects || lines.length < 7 + 2 * trailerNumber) throw wrong("it does not list every object");
  const objects: ManifestObject[] = [];
  for (let number = 0; number < trailerNumber; number += 1) {
    objects.push(parseObject(medium, number, lines[7 + 2 * number]!, lines[8 + 2 * number]!));
  }
  return {
    volumeUuid: field(1, "volume", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    barcode: field(2, "barcode", /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/),
    medium,
    trailerNumber,
    writtenAtMs: Date.parse(field(5, "written", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
    objects,
    members: lines.slice(7 + 2 * trailerNumber).map(parseMember),
  };
}

function parseMember(line: string): ManifestMember {
  const match = /^# member (0|[1-9]\d{0,15}) ([0-9a-f]{64}) ([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/.exec(line);
  if (!match) throw wrong("the line of a member is not right");
  return { name: match[3]!, sizeBytes: Number(match[1]), sha256: match[2]! };
}

function parseObject(medium: "tape" | "folder", number: number, comment: string, sum: string): ManifestObject {
  const facts = /^# (bootstrap|segment|seal|trailer) (0|[1-9]\d{0,15})$/.exec(comment);
  const role = facts?.[1] as ObjectRole | undefined;
  const sizeBytes = Number(facts?.[2]);
  const sha256 = sum.slice(0, 64);
  if (!role || !Number.isSafeInteger(sizeBytes) || !/^[0-9a-f]{64}$/.test(sha256)
    || sum !== `${sha256}  ${manifestName(medium, number, role)}`) {
    throw wrong(`the lines of object ${String(number)} are not right`);
  }
  return { number, role, sizeBytes, sha256 };
}

function wrong(why: string): StrongroomError {
  return new StrongroomError("mismatch", "MANIFEST_WRONG", `a manifest cannot be used: ${why}; the objects are not concerned`, {
    hint: "verify by the seals, or use an earlier trailer",
  });
}
