import type { ScsiCommand } from "../../src/scsi/index.ts";
import { timeFigures } from "../time/index.ts";
import { be16, check, good, invalidField, type Outcome, type SenseFields, senses } from "../wire/index.ts";
import { heal } from "./broken-tape.ts";
import type { Drive, Medium } from "./model.ts";
import { refuseFormatting } from "./overwriting.ts";
import { layoutOf, type PartitionPlan, partitionsOf, proportionBytes, wholePlan, type WrapCount } from "./partitions/index.ts";
import { countChange, forgetPartitions } from "./volume-memory.ts";

const formats = { whole: 0, partitioned: 1, wholeThenPartitioned: 2 } as const;

/** FORMAT MEDIUM (SSC-5, 7.1): one partition, or those that the medium partition mode page asks for. Everything on the tape is gone. */
export async function formatMedium(drive: Drive, medium: Medium, { cdb }: ScsiCommand): Promise<Outcome> {
  const format = cdb[2]! & 0x0f;
  if (format > formats.wholeThenPartitioned) return check(invalidField(2));
  if (be16(cdb, 3) !== 0) return check(invalidField(3));
  const refusal = isAtBeginning(medium) ? refuseFormatting(drive, medium) : senses.pastBeginning;
  if (refusal !== undefined) return check(refusal);
  const { usableBytes } = medium.cartridge.store.layout;
  const asItIs = medium.cartridge.store.layout;
  const plan = format === formats.whole ? wholePlan : medium.partitionPlan;
  const layout = plan === undefined ? asItIs : layoutOf(plan, wrapsOf(drive, medium), usableBytes);
  if (layout === undefined) return check(senses.invalidParameter);
  await divide(drive, medium, layout);
  await drive.clockwork.formatted((cdb[1]! & 0x01) !== 0);
  return good;
}

/** SET CAPACITY (SSC-5, 7.9): a proportion of the tape, as one partition. Everything on it is gone. */
export async function setCapacity(drive: Drive, medium: Medium, { cdb }: ScsiCommand): Promise<Outcome> {
  const refusal = isAtBeginning(medium) ? refuseFormatting(drive, medium) : senses.pastBeginning;
  if (refusal !== undefined) return check(refusal);
  const usableBytes = proportionBytes(wrapsOf(drive, medium), be16(cdb, 3) / 0xffff);
  await divide(drive, medium, layoutOf(wholePlan, wrapsOf(drive, medium), usableBytes)!);
  await drive.clockwork.formatted((cdb[1]! & 0x01) !== 0);
  return good;
}

/** Whether a tape of that kind can be divided so. */
export function refusePlan(drive: Drive, medium: Medium, plan: PartitionPlan): SenseFields | undefined {
  const layout = layoutOf(plan, wrapsOf(drive, medium), medium.cartridge.store.layout.usableBytes);
  return layout === undefined ? senses.invalidParameter : undefined;
}

export function mostPartitions(medium: Medium | undefined): number {
  return medium === undefined ? 1 : partitionsOf(medium.media.name, medium.cartridge.facts.kind === "worm");
}

function isAtBeginning({ position, cartridge }: Medium): boolean {
  return position === 0 && cartridge.store.partition === 0;
}

async function divide(drive: Drive, medium: Medium, layout: Medium["cartridge"]["store"]["layout"]): Promise<void> {
  await countChange(medium);
  await medium.cartridge.store.divide(layout);
  medium.position = 0;
  medium.warnedEarly = false;
  medium.partitionPlan = undefined;
  medium.mayOverwrite = undefined;
  await heal(drive, medium);
  await forgetPartitions(medium);
  drive.accessOrder.clear();
  drive.attentions.raise(senses.modeParametersChanged, drive.caller);
}

/** Of the cartridge's generation, where its figures are known; of the drive's else. */
function wrapsOf({ clockwork }: Drive, { media, cartridge }: Medium): WrapCount {
  const { wraps } = timeFigures.find(({ generation }) => generation === media.name) ?? clockwork.figures;
  return { wraps, capacityBytes: cartridge.facts.capacityBytes };
}
