import type { ScsiCommand } from "../../src/scsi/index.ts";
import { acceptsSelection, type ModeSelection, parseModeSelect } from "../unit/index.ts";
import { be16, be24, check, good, type Outcome, type SenseFields, senses } from "../wire/index.ts";
import { applyTest, readExceptionsPage } from "./alerts/index.ts";
import { mostPartitions, refusePlan } from "./formatting.ts";
import { appendOnly, densityOf, modeParameters, partitionPageCode } from "./modes.ts";
import type { Drive, ModeSettings } from "./model.ts";
import { type PartitionPlan, readPartitionPage } from "./partitions/index.ts";

/** MODE SELECT: all of it or nothing, and nothing that cannot be changed. */
export function driveModeSelect(drive: Drive, command: ScsiCommand): Outcome {
  const selection = parseModeSelect(command);
  if ("key" in selection) return check(selection);
  const { blockDescriptor } = selection;
  const plan = partitionPlanOf(drive, selection);
  if (plan !== undefined && "key" in plan) return check(plan);
  const others = { ...selection, pages: selection.pages.filter(({ page }) => page !== partitionPageCode) };
  if (!acceptsSelection(modeParameters(drive), others)) return check(senses.invalidParameter);
  const protection = selection.pages.find(({ page, subpage }) => page === 0x0a && subpage === 0xf0);
  if (protection !== undefined && !drive.protection.accepts(protection.bytes)) return check(senses.invalidParameter);
  const settings = settingsOf(drive, selection);
  if ("key" in settings) return check(settings);
  drive.settings = settings;
  if (pagesHave(selection, exceptionsPageCode)) applyTest(drive.alerts, settings.exceptions);
  if (plan !== undefined) drive.medium!.partitionPlan = plan;
  // Protection is a setting of the path alone: nobody else need know.
  if (protection !== undefined) drive.protection.set(drive.caller, protection.bytes);
  const isForAll = blockDescriptor !== undefined || selection.pages.some((page) => page !== protection);
  if (isForAll) drive.attentions.raise(senses.modeParametersChanged, drive.caller);
  return good;
}

const exceptionsPageCode = 0x1c;

function pagesHave({ pages }: ModeSelection, code: number): boolean {
  return pages.some(({ page }) => page === code);
}

/** What all paths have in common, as it is behind the selection. */
function settingsOf(drive: Drive, { blockDescriptor, pages }: ModeSelection): ModeSettings | SenseFields {
  const settings: ModeSettings = { ...drive.settings };
  if (blockDescriptor !== undefined) {
    const density = blockDescriptor[0]!;
    const blockSizeBytes = be24(blockDescriptor, 5);
    const isKnownDensity = density === 0 || density === 0x7f || density === densityOf(drive);
    if (!isKnownDensity || blockSizeBytes > drive.model.maxBlockBytes) return senses.invalidParameter;
    settings.blockSizeBytes = blockSizeBytes;
  }
  for (const { page, subpage, bytes } of pages) {
    if (page === 0x0a && subpage === 0) settings.descriptorSense = (bytes[2]! & 0x04) !== 0;
    if (page === 0x0f) settings.compression = (bytes[2]! & 0x80) !== 0;
    if (page === exceptionsPageCode) {
      const exceptions = readExceptionsPage(bytes);
      if (exceptions === undefined) return senses.invalidParameter;
      settings.exceptions = exceptions;
    }
    if (page === 0x10 && subpage === 1) {
      settings.earlyWarningMegabytes = be16(bytes, 6);
      settings.appendsOnly = bytes[5] === appendOnly;
    }
  }
  return drive.settings.appendsOnly && !settings.appendsOnly && !isAtBeginning(drive) ? senses.pastBeginning : settings;
}

/** Nobody gets out of append-only mode where there is something to write over (SSC-5, 8.3.8). */
function isAtBeginning({ medium }: Drive): boolean {
  return medium === undefined || (medium.position === 0 && medium.cartridge.store.partition === 0);
}

/** What the last medium partition page asks for, if that can be; undefined where none asks for anything. */
function partitionPlanOf(drive: Drive, { pages }: ModeSelection): PartitionPlan | SenseFields | undefined {
  const page = pages.findLast((one) => one.page === partitionPageCode);
  if (page === undefined) return undefined;
  const { medium } = drive;
  const plan = page.subpage === 0 ? readPartitionPage(page.bytes, mostPartitions(medium)) : "refused";
  if (plan === "refused") return senses.invalidParameter;
  if (plan === "nothing" || medium === undefined) return undefined;
  return refusePlan(drive, medium, plan) ?? plan;
}
