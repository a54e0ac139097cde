import type { Decoding } from "./decoding.ts";
import type { UnitKind } from "./rows.ts";
import type { Count, SuiteResult } from "./suite.ts";

const none: Count = { passed: 0, skipped: 0, failed: 0 };

/** One table for a kind of unit. False where we fail a test, pass fewer than tgt in a row, or the suite did not come to its end. */
export function printTable(kind: UnitKind, ours: SuiteResult, tgt: SuiteResult): boolean {
  console.log(`\niscsi-test-cu on a ${kind}                  ours           tgt`);
  console.log("suite                       pass skip fail  pass skip fail");
  let isSound = ours.isWhole && ours.rows.size > 0;
  const total = { ours: { ...none }, tgt: { ...none } };
  for (const suite of new Set([...ours.rows.keys(), ...tgt.rows.keys()])) {
    const [own, other] = [ours.rows.get(suite) ?? none, tgt.rows.get(suite) ?? none];
    add(total.ours, own);
    add(total.tgt, other);
    isSound &&= !fallsShort(own, other);
    console.log(`${suite.padEnd(26)} ${counts(own)} ${counts(other)}  ${verdict(own, other)}`);
  }
  console.log(`${"all".padEnd(26)} ${counts(total.ours)} ${counts(total.tgt)}`);
  if (!ours.isWhole) console.log("  the suite did not come to its end on our unit");
  if (!tgt.isWhole) console.log("  the suite did not come to its end on tgt's unit");
  for (const name of ours.failed) console.log(`  failed: ${name}`);
  for (const [name, reason] of ours.skipped) console.log(`  skipped: ${name}: ${reason}`);
  return isSound;
}

function fallsShort(own: Count, other: Count): boolean {
  return own.failed > 0 || own.passed < other.passed;
}

/** Nobody passes more than all tests that a row has: where both do, they are equal because nothing is left. */
function verdict(own: Count, other: Count): string {
  if (fallsShort(own, other)) return "falls short";
  if (own.passed > other.passed) return `${String(own.passed - other.passed)} more than tgt`;
  if (own.skipped === 0) return "equal: both pass all there are";
  return other.failed > 0 ? "equal, and tgt fails some" : "equal: what is skipped is for neither";
}

function add(sum: Count, one: Count): void {
  sum.passed += one.passed;
  sum.skipped += one.skipped;
  sum.failed += one.failed;
}

function counts({ passed, skipped, failed }: Count): string {
  return [passed, skipped, failed].map((value) => String(value).padStart(5)).join("").padEnd(16);
}

export function printDecodings(decodings: readonly Decoding[]): boolean {
  const complaints = decodings.filter(({ complaint }) => complaint !== undefined);
  console.log(`\nsg3-utils: ${String(decodings.length - complaints.length)} of ${String(decodings.length)} pages and senses read as meant`);
  for (const { page, complaint } of complaints) console.log(`  ${page}: ${complaint ?? ""}`);
  return complaints.length === 0 && decodings.length > 0;
}
