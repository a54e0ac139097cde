import { openCatalog, openStore } from "../../../src/records/index.ts";
import { newEntry, sealedFacts } from "../../conformance/catalog-samples.ts";

/**
 * A process that seals segments of an archive and says the number of each once it is recorded:
 * `node sealing.ts DATABASE ARCHIVE SEGMENTS ROWS`.
 */
const [path, name, segments, rows] = process.argv.slice(2) as [string, string, string, string];
const store = openStore(path);
const catalog = openCatalog(store);
const archive = catalog.archive(name)!;
const snapshot = catalog.openSnapshot(archive, 1, undefined);
const numbers = Array.from({ length: Number(segments) }, (_, index) => index + 1);
catalog.planSegments(
  snapshot,
  numbers.map((number) => ({ number, plannedBytes: 1, plan: "" })),
);
for (const { id, number } of catalog.segments(snapshot)) {
  const entries = Array.from({ length: Number(rows) }, (_, index) =>
    newEntry(`s${String(number)}/d${String(index % 10)}/f${String(index)}`),
  );
  catalog.addSealedSegment(id, sealedFacts, entries);
  process.stdout.write(`${String(number)}\n`);
}
store.close();
