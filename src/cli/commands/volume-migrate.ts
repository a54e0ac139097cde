import type { DuplicatePlan } from "../../operations/index.ts";
import { printable } from "../../words/index.ts";
import { type JsonObject, plural, table, verifyFindingColumns, verifyFindingDocument } from "../views/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { duplicateDocument, requestTyped, targetOptions, tellDuplicate } from "./volume-duplicate.ts";

export const migrate: Command = {
  noun: "volume",
  verb: "migrate",
  summary: "move what is on a volume to another one, and retire the old one once every copy is proven",
  details:
    "Shows first what is on it, how much, and where there is room; with --dry-run that is all. Then it is as `volume duplicate`, the new volume is read back whole, and only when every copy " +
    "is as it was sealed the old volume is retired: it counts no more, and is neither written on nor taken for blank. Until then it counts as ever; only nothing more is written on it. " +
    "Stopped or killed at any time, the same command goes on where it was.",
  arguments: [{ name: "BARCODE", summary: "the old volume", names: "cartridge" }],
  options: [...targetOptions, { flags: "--dry-run", summary: "only show what would be done" }],
  examples: [
    { line: "strongroom volume migrate SR0001L8 --to SR0009L8 --dry-run", what: "what is on it, and whether there is room" },
    { line: "strongroom volume migrate SR0001L8 --pool onsite", what: "to the next blank cartridges that the pool may take" },
  ],
  async run(call) {
    const { typed, answer, operations, units, job } = call;
    const request = requestTyped(typed);
    const open = await operations();
    const plan = await open.volume.planDuplicate(request);
    if (typed.flag("--dry-run")) {
      answer.document(planDocument(plan), () => { answer.line(planText(plan, units)); });
      return;
    }
    answer.record("plan", planDocument(plan), () => planText(plan, units));
    const result = await job((options) => open.volume.migrate(request, options));
    const document = { barcode: request.barcode, ...duplicateDocument(result), retired: result.retired, findings: result.findings.map(verifyFindingDocument) };
    answer.result(result, document, () => {
      if (result.findings.length > 0) answer.table(table(verifyFindingColumns, result.findings, units));
      tellDuplicate(call, request.barcode, result);
      answer.line(result.retired ? `${printable(request.barcode)} is retired` : `${printable(request.barcode)} is not retired, and stays in use`);
    });
  },
};

function planDocument({ targets, sizeBytes, targetPool, ...plan }: DuplicatePlan): JsonObject {
  return {
    ...plan,
    size_bytes: sizeBytes,
    target_pool: targetPool,
    targets: targets.map(({ barcode, place, roomBytes, fits }) => ({ barcode, place, room_bytes: roomBytes ?? null, fits: fits ?? null })),
  };
}

function planText(plan: DuplicatePlan, units: Call["units"]): string {
  const { barcode, pool, segments, sizeBytes, archives, bad, lost, copied, targets, targetPool } = plan;
  const of = archives.map((name) => printable(name)).join(", ");
  const lines = [`${printable(barcode)} of pool ${printable(pool)}: ${plural(segments, "segment")} of ${of}, ${units.bytes(sizeBytes)}`];
  if (copied > 0) lines.push(`copied already: ${plural(copied, "segment")}`);
  if (bad > 0) lines.push(`found bad on it, and taken from other volumes: ${plural(bad - lost, "segment")}; without any good copy: ${plural(lost, "segment")}`);
  if (targets.length === 0) lines.push(`there is no blank cartridge that pool ${printable(targetPool)} may take`);
  for (const [index, target] of targets.entries()) lines.push(`${index === 0 ? "to" : "or"} ${printable(target.barcode)}, ${printable(target.place)}: ${roomText(target, units)}`);
  return lines.join("\n");
}

function roomText({ roomBytes, fits }: DuplicatePlan["targets"][number], units: Call["units"]): string {
  if (roomBytes === undefined) return "what room it has is known when it is in a drive";
  return `room for ${units.bytes(roomBytes)}, which is ${fits === true ? "enough" : "too little"}`;
}
