import type { ScsiCommand } from "../../src/scsi/index.ts";
import { accessTo, type MediaModel } from "../models/index.ts";
import { answer, be16, check, field, type Outcome } from "../wire/index.ts";
import { type Drive, notReady } from "./model.ts";

/**
 * REPORT DENSITY SUPPORT (SSC-5, 6.5): the densities, or with MEDIUM TYPE the kinds of cartridges, that the drive takes; with MEDIA those of the
 * cartridge that is in.
 */
export function reportDensity(drive: Drive, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const [isOfMedia, isOfTypes] = [(cdb[1]! & 0x01) !== 0, (cdb[1]! & 0x02) !== 0];
  const refusal = isOfMedia ? notReady(drive) : undefined;
  if (refusal !== undefined) return check(refusal.sense!);
  const media = isOfMedia ? [drive.medium!.media] : [...drive.model.readsOnly, ...drive.model.writes].sort((a, b) => a.densityCode - b.densityCode);
  const descriptors = media.flatMap((one) => (isOfTypes ? mediumTypes(drive, one, isOfMedia) : density(drive, one)));
  return answer(command, [...field(descriptors.length + 2, 2), 0, 0, ...descriptors], be16(cdb, 7));
}

/** Table 71: 52 bytes. WRTOK where it is recorded, DEFLT where a blank cartridge gets it. */
function density(drive: Drive, media: MediaModel): readonly number[] {
  const flags = (accessTo(drive.model, media.name) === "writes" ? 0x80 : 0) | (media === (drive.medium?.media ?? drive.model.ownMedia) ? 0x20 : 0);
  const capacityBytes = drive.medium?.media === media ? drive.medium.cartridge.facts.capacityBytes : media.nativeBytes;
  const numbers = [...field(media.bitsPerMm, 3), ...field(127, 2), ...field(media.tracks, 2), ...field(Math.floor(capacityBytes / 1e6), 4)];
  const names = [...ascii("LTO-CVE", 8), ...ascii(media.densityName, 8), ...ascii(media.densityText, 20)];
  return [media.densityCode, media.densityCode, flags, 0, 0, ...numbers, ...names];
}

/** Table 73: 56 bytes for each kind: data, and WORM where there is one. */
function mediumTypes(drive: Drive, media: MediaModel, isOfMedia: boolean): readonly number[] {
  const kind = isOfMedia ? drive.medium!.cartridge.facts.kind : undefined;
  const data = kind === "worm" ? [] : mediumType(media, media.mediumType, "Data");
  const isWormTold = media.wormMediumType !== undefined && kind !== "data";
  return isWormTold ? [...data, ...mediumType(media, media.wormMediumType, "WORM")] : data;
}

function mediumType(media: MediaModel, code: number, kind: string): readonly number[] {
  const codes = [media.densityCode, 0, 0, 0, 0, 0, 0, 0, 0];
  const numbers = [...field(127, 2), ...field(media.tapeMetres, 2), 0, 0];
  const names = [...ascii("LTO-CVE", 8), ...ascii(`${media.suffix} ${kind}`, 8), ...ascii(`${media.densityText} ${kind}`.slice(0, 20), 20)];
  return [code, 0, ...field(52, 2), 1, ...codes, ...numbers, ...names];
}

function ascii(value: string, width: number): number[] {
  return [...Buffer.from(value.padEnd(width), "latin1")];
}
