import type { VerifyManner, VerifyManyResult, VerifyResult } from "../../operations/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import { durationMs, wholeNumber } from "../reading/index.ts";
import { dueColumns, dueDocument, type JsonObject, plural, table, verifyFindingColumns, verifyFindingDocument } from "../views/index.ts";
import type { Answer, Call, Typed } from "./call.ts";
import type { Command } from "./command.ts";
import { barcodeOrFolder, placeText, placeTyped } from "./volume-place.ts";

export const verify: Command = {
  noun: "volume",
  verb: "verify",
  summary: "read volumes back and compare every object with its seal, its manifest and the records",
  details:
    "Needs no secret. The exit code is 7 when anything is not as it was written; each finding says what to do. A copy that was found bad counts no more, and is made " +
    "anew from a good one where there is one. Stopped at any time, the same command goes on behind the last segment that was checked. With --pool or --due each volume " +
    "is a job of its own, the longest neglected first. With --quick the drive verifies the tape by itself, and what it cannot pass is read and compared at once; no copy becomes " +
    "a verified one by that. Where the drive has no such command everything is read and compared, and the answer says so.",
  arguments: [barcodeOrFolder[0]],
  options: [
    barcodeOrFolder[1],
    { flags: "--pool NAME", summary: "all volumes of a pool that are in reach", names: "pool" },
    { flags: "--due", summary: "what the policies of the pools want verified by now" },
    { flags: "--for DURATION", summary: "with --pool or --due: stop at a safe point after so long, like 8h", otherwise: "until all is done" },
    { flags: "--quick", summary: "let the drive read the tape through by itself: proves that it can be read, not that it holds what was written" },
    { flags: "--sample PERCENT", summary: "read only so many of every hundred segments, 1 to 100, those unchecked for longest more likely" },
    { flags: "--seed N", summary: "with --sample: choose as another run with this number did", otherwise: "drawn, and told" },
  ],
  examples: [
    { line: "strongroom volume verify SR0001L8", what: "a cartridge in a library" },
    { line: "strongroom volume verify --folder /media/usb", what: "a USB disk" },
    { line: "strongroom volume verify SR0001L8 --sample 5", what: "one segment of twenty" },
    { line: "strongroom volume verify SR0001L8 --quick", what: "by the drive alone, nothing crosses the cable" },
    { line: "strongroom volume verify --due --for 8h", what: "from a timer, at night" },
  ],
  async run(call) {
    const { typed } = call;
    refuseContradictions(typed);
    if (typed.flag("--due") || typed.option("--pool") !== undefined) await verifyMany(call);
    else await verifyOne(call);
  },
};

async function verifyOne({ typed, answer, operations, units, job }: Call): Promise<void> {
  const where = placeTyped(typed);
  const manner = mannerTyped(typed);
  const open = await operations();
  const result = await job((options) => open.volume.verify({ ...where, ...manner }, options));
  const document = { ...where, ...resultDocument(result) };
  answer.result(result, document, () => {
    if (result.findings.length > 0) answer.table(table(verifyFindingColumns, result.findings, units));
    const verdict = result.findings.length > 0 ? plural(result.findings.length, "finding") : wholeVerdicts[result.method];
    const read = result.method === "quick" ? "read through by the drive" : "read";
    answer.line(`${placeText(where)}: ${plural(result.objects, "object")} ${read}, ${units.bytes(result.readBytes)}; ${verdict}`);
    tellMends(answer, result);
  });
  if (isDamaged(result)) answer.exitWith("mismatch");
}

const wholeVerdicts = {
  full: "everything is as it was written",
  sample: "what was chosen is as it was written",
  quick: "all of it can be read, nothing was compared",
} as const;

async function verifyMany({ typed, answer, operations, units, job }: Call): Promise<void> {
  const forTyped = typed.option("--for");
  const forMs = forTyped === undefined ? undefined : durationMs(forTyped, "--for");
  const request = { pool: typed.option("--pool"), dueOnly: typed.flag("--due"), forMs: forMs === Number.POSITIVE_INFINITY ? undefined : forMs, ...mannerTyped(typed) };
  const open = await operations();
  const many = await job((options) => open.volume.verifyMany(request, options));
  const { results, failed, left } = many;
  const document = { severity: many.severity, volumes: results.map(volumeResultDocument), failed: failed.map((one) => ({ ...one })), left };
  answer.record("summary", document, () => {
    const findings = results.flatMap((result) => result.findings);
    if (findings.length > 0) answer.table(table(verifyFindingColumns, findings, units));
    for (const result of results) tellMends(answer, result);
    for (const { barcode, code, text } of failed) answer.line(`${printable(barcode)}: not read to its end: ${text} [${code}]`);
    return manyText(many);
  });
  answer.exitWith(many.severity);
  if (results.some(isDamaged)) answer.exitWith("mismatch");
}

function manyText({ results, failed, left }: VerifyManyResult): string {
  if (results.length + failed.length + left.length === 0) return "nothing is to be verified";
  const damaged = results.filter(isDamaged).length;
  const told = [`${plural(results.length, "volume")} verified, ${String(damaged)} with damage`];
  if (failed.length > 0) told.push(`${String(failed.length)} not read to the end`);
  if (left.length > 0) told.push(`${String(left.length)} left for another time or out of reach: ${left.map((barcode) => printable(barcode)).join(", ")}`);
  return told.join("; ");
}

function volumeResultDocument(result: VerifyResult): JsonObject {
  return { barcode: result.job.subject, job: result.job.id, severity: result.severity, summary: result.summary, ...resultDocument(result) };
}

function resultDocument({ method, objects, readBytes, findings, mends }: VerifyResult): JsonObject {
  return {
    method,
    objects,
    read_bytes: readBytes,
    findings: findings.map(verifyFindingDocument),
    mended: mends.map(({ job, severity, copies, volumes, without }) => ({ archive: job.subject, job: job.id, severity, copies, volumes, without })),
  };
}

function tellMends(answer: Answer, { mends }: VerifyResult): void {
  for (const { summary } of mends) answer.line(summary);
}

function isDamaged({ findings }: VerifyResult): boolean {
  return findings.some(({ severity }) => severity === "err" || severity === "fatal");
}

function mannerTyped(typed: Typed): VerifyManner {
  return typed.flag("--quick") ? { quick: true } : sampleTyped(typed);
}

function sampleTyped(typed: Typed): VerifyManner {
  const percent = typed.option("--sample");
  if (percent === undefined) return {};
  const seed = typed.option("--seed");
  const share = wholeNumber(percent, "--sample", 1, 100) / 100;
  return { sample: seed === undefined ? { share } : { share, seed: wholeNumber(seed, "--seed", 0, 4_294_967_295) } };
}

function refuseContradictions(typed: Typed): void {
  const isMany = typed.flag("--due") || typed.option("--pool") !== undefined;
  const isOne = typed.argument("BARCODE") !== undefined || typed.option("--folder") !== undefined;
  const wrong =
    isMany && isOne ? "a single volume, and --pool or --due," :
    !isMany && typed.option("--for") !== undefined ? "--for without --pool or --due" :
    typed.flag("--quick") && typed.option("--sample") !== undefined ? "--quick with --sample" :
    typed.option("--seed") !== undefined && typed.option("--sample") === undefined ? "--seed without --sample" :
    undefined;
  if (wrong === undefined) return;
  throw new StrongroomError("usage", "OPTIONS_CONTRADICT", `${wrong} means nothing; nothing was read`, { hint: "see --help for examples" });
}

export const due: Command = {
  noun: "volume",
  verb: "due",
  summary: "list the volumes that their pool's policy wants verified by now",
  details: "The policy is set by: strongroom pool set NAME --verify-every DAYS",
  options: [{ flags: "--pool NAME", summary: "only volumes of this pool", names: "pool" }],
  examples: [{ line: "strongroom volume due", what: "the longest neglected first" }],
  async run({ typed, answer, operations, units }) {
    const volumes = await (await operations()).volume.due(typed.option("--pool"));
    answer.document({ volumes: volumes.map(dueDocument) }, () => {
      if (volumes.length === 0) answer.line("nothing is due to be verified");
      answer.table(table(dueColumns, volumes, units));
    });
    if (volumes.length > 0) answer.next("strongroom volume verify --due");
  },
};
