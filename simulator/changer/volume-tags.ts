import type { ScsiCommand } from "../../src/scsi/index.ts";
import { answer, be16, check, field, good, invalidField, type Outcome, senses } from "../wire/index.ts";
import type { Changer } from "./changer.ts";
import { type ElementPlace, hasQuirk, knownContentOf } from "./elements.ts";
import { allocationOf, elementsFrom, report } from "./element-status.ts";
import { tagTold } from "./labels.ts";

/** What SEND VOLUME TAG asked for, until it is asked for anew. */
export interface SoughtVolumes {
  readonly action: number;
  readonly type: number;
  readonly start: number;
  readonly template: string;
}

const listBytes = 40;
const templateBytes = 32;
/** Send action codes (SMC-3): look for any or for primary tags, with their sequence numbers or without. Tags are read, not assigned. */
const translations: ReadonlySet<number> = new Set([0x0, 0x1, 0x4, 0x5]);

/** SEND VOLUME TAG (SMC-3): remembers for the path which volumes REQUEST VOLUME ELEMENT ADDRESS is to name. */
export function sendVolumeTag(changer: Changer, { cdb, dataOut }: ScsiCommand): Outcome {
  const state = changer.home.state();
  const [type, action, length] = [cdb[1]! & 0x0f, cdb[5]! & 0x1f, be16(cdb, 8)];
  if (type > 4) return check(invalidField(1));
  if (!translations.has(action) || hasQuirk(state, "no-barcode-reader")) return check(invalidField(5));
  const list = (dataOut ?? new Uint8Array(0)).subarray(0, length);
  if (length !== listBytes || list.length !== listBytes) return check(senses.parameterListLength);
  const template = Buffer.from(list.subarray(0, templateBytes)).toString("latin1").replace(/[\0 ]+$/, "");
  // Tags without sequence numbers have the number 0 (SMC-3).
  if (template === "" || /[^\x20-\x7e]/.test(template) || (action < 4 && be16(list, 34) > 0)) return check(senses.invalidParameter);
  changer.sought.set(changer.caller, { action, type, start: be16(cdb, 2), template });
  return good;
}

/** REQUEST VOLUME ELEMENT ADDRESS (SMC-3): the elements with those volumes, as READ ELEMENT STATUS reports them. */
export function requestVolumeElementAddress(changer: Changer, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const state = changer.home.state();
  const sought = changer.sought.get(changer.caller);
  if (sought === undefined) return check(senses.commandSequence);
  const type = cdb[1]! & 0x0f;
  if (type > 4) return check(invalidField(1));
  const isSought = matcher(sought.template);
  const [start, count, allocationBytes] = [Math.max(sought.start, be16(cdb, 2)), be16(cdb, 4), allocationOf(state, cdb)];
  const found: ElementPlace[] = [];
  for (const place of elementsFrom(state, { type: type === 0 ? sought.type : type, start })) {
    const cartridge = knownContentOf(state, place);
    const tag = cartridge === null ? null : tagTold(state, cartridge.barcode);
    if (found.length < count && tag !== null && isSought(tag) && (sought.type === 0 || type === 0 || type === sought.type)) found.push(place);
  }
  const request = { type, start, count, withVolumeTags: (cdb[1]! & 0x10) !== 0, withIdentifiers: false, allocationBytes };
  if (found.length === 0) return answer(command, [...field(0, 4), sought.action, ...field(0, 3)], allocationBytes);
  return answer(command, report(state, found, request, command.dataIn?.length ?? 0, sought.action), allocationBytes);
}

/** `*` stands for any text, `?` for any one character (SMC-3, SEND VOLUME TAG). No expression is made of it: one could be built that takes for ever. */
function matcher(template: string): (tag: string) => boolean {
  return (tag) => {
    // Rows of the table: how much of the template is used up; what of the tag can be used up by then.
    let reached = new Set([0]);
    for (const sign of template) {
      const next = new Set<number>();
      for (const at of reached) {
        if (sign === "*") for (let end = at; end <= tag.length; end += 1) next.add(end);
        else if (at < tag.length && (sign === "?" || sign === tag[at])) next.add(at + 1);
      }
      reached = next;
    }
    return reached.has(tag.length);
  };
}
