import type { DuplicateResult } from "../../operations/index.ts";
import { printable } from "../../words/index.ts";
import { type JsonObject, plural } from "../views/index.ts";
import type { Call, Typed } from "./call.ts";
import type { Command, OptionRecord } from "./command.ts";

export const targetOptions: readonly OptionRecord[] = [
  { flags: "--to BARCODE", summary: "a blank cartridge, or a volume with nothing on it yet", names: "cartridge" },
  { flags: "--pool POOL", summary: "the pool that it belongs to; without --to its next blank cartridges are taken", otherwise: "that of the volume", names: "pool" },
];

export const duplicate: Command = {
  noun: "volume",
  verb: "duplicate",
  summary: "copy what is on a volume to another one, byte for byte",
  details:
    "Segments and seals are the same bytes; the new volume has a label and trailers of its own, can be verified and restored from by itself, and its copies count as any do. " +
    "Needs no secret. Each segment is compared with its seal on the way; what is bad on the volume is named and taken from another one, and what is good nowhere is left out: " +
    "the exit code is 1 then. Stopped or killed at any time, the same command goes on behind the last segment that was copied.",
  arguments: [{ name: "BARCODE", summary: "the volume to copy", names: "cartridge" }],
  options: targetOptions,
  examples: [
    { line: "strongroom volume duplicate SR0001L8 --to SR0009L8", what: "to that cartridge" },
    { line: "strongroom volume duplicate SR0001L8 --pool offsite", what: "to the next blank one that pool offsite may take" },
  ],
  async run(call) {
    const { typed, answer, operations, job } = call;
    const request = requestTyped(typed);
    const open = await operations();
    const result = await job((options) => open.volume.duplicate(request, options));
    answer.result(result, { barcode: request.barcode, ...duplicateDocument(result) }, () => { tellDuplicate(call, request.barcode, result); });
    const [first] = result.volumes;
    if (first !== undefined) answer.next(`strongroom volume verify ${printable(first)}`);
  },
};

export function requestTyped(typed: Typed): { readonly barcode: string; readonly to?: string; readonly pool?: string } {
  const to = typed.option("--to");
  const pool = typed.option("--pool");
  return { barcode: typed.required("BARCODE"), ...(to === undefined ? {} : { to }), ...(pool === undefined ? {} : { pool }) };
}

export function duplicateDocument({ copies, fromElsewhere, volumes, leftOut }: DuplicateResult): JsonObject {
  return { copies, from_elsewhere: fromElsewhere, volumes, left_out: leftOut };
}

export function tellDuplicate({ answer }: Pick<Call, "answer">, barcode: string, { copies, fromElsewhere, volumes, leftOut }: DuplicateResult): void {
  const on = volumes.map((one) => printable(one)).join(", ");
  const elsewhere = fromElsewhere === 0 ? "" : `, ${String(fromElsewhere)} of them from other volumes`;
  answer.line(`${printable(barcode)}: ${plural(copies, "segment")} copied to ${on}${elsewhere}`);
  if (leftOut > 0) answer.line(`not on the duplicate, because no good copy is at hand: ${plural(leftOut, "segment")}`);
}
