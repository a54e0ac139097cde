import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { faultCatalogue, parseFaultRules } from "../../../simulator/index.ts";
import { readDamage } from "../../../simulator/home/damage-file.ts";
import { decodeChanges, encodeChanges } from "../../../simulator/storage/index-file.ts";
import { checkText } from "../../../src/records/config/check.ts";
import type { ParserUnderTest } from "./contract.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");

/** Files of ours that a hand, a failing disk or another version may have changed. `folder`: for those that are read by their path. */
export function fileParsers(folder: string, config: string): readonly ParserUnderTest[] {
  const rules = faultCatalogue.map(({ example }) => Buffer.from(`# a rule\n${example}\n`));
  const index = encodeChanges([
    { run: { sizeBytes: 512 * 1024, count: 1000 } }, { run: { sizeBytes: 0, count: 1 } }, { run: { sizeBytes: 77, count: 1 } }, { endsAt: 1000 },
    { run: { sizeBytes: 65_536, count: 9 } },
  ]);
  const damage = Buffer.from(JSON.stringify({ unreadable: [{ partition: 0, first: 3, last: 4 }], endOfData: "damaged", chip: "unreadable", snapped: false }));
  const path = join(folder, "damage.json");
  return [
    { name: "config.json", samples: [Buffer.from(config)], inputs: 500, parse: (bytes) => checkText(text(bytes), "config.json") },
    { name: "fault rules", samples: rules, inputs: 2000, parse: (bytes) => parseFaultRules(text(bytes)) },
    { name: "tape index", samples: [index], inputs: 2000, parse: decodeChanges },
    { name: "damage.json", samples: [damage], inputs: 200, parse: (bytes) => {
      writeFileSync(path, bytes);
      return readDamage(path);
    } },
  ];
}
