import { readFileSync } from "node:fs";
import { StrongroomError } from "../../../src/words/index.ts";
import { makeAppliance } from "../../support/appliance.ts";
import type { CampaignCase, CaseResult, Family } from "../frame/contract.ts";
import { drawFrom } from "../frame/draw.ts";
import type { ParserUnderTest } from "./contract.ts";
import { deviceAnswers } from "./device-samples.ts";
import { deviceParsers } from "./device-parsers.ts";
import { fileParsers } from "./file-parsers.ts";
import { mediaParsers } from "./media-parsers.ts";
import { mutated } from "./mutation.ts";
import { networkParsers } from "./network-parsers.ts";

/** Of each parser; every one has its own inputs, which follow from its ID. */
const casesOfEach = 2000;
/** What a parser may hold after a case, beyond what the process had before it. */
const memoryBoundBytes = 256 * 1024 * 1024;

export const parsersFamily: Family = {
  name: "parsers",
  about: "mutated inputs for everything that is read from media, devices, the network and files",
  boundMs: 60_000,
  heapMegabytes: 512,
  open: async (folder) => {
    const parsers = new Map((await allParsers(folder)).map((parser) => [slug(parser.name), parser] as const));
    for (const [name, { samples }] of parsers) if (samples.length === 0) throw new Error(`there is no sample for ${name}`);
    const cases = [...parsers.keys()].flatMap((name) =>
      Array.from({ length: casesOfEach }, (_, at): CampaignCase => ({ id: `parsers/${name}/${String(at + 1).padStart(4, "0")}`, row: name })));
    return { cases, run: async (id) => await tryInputs(parsers.get(id.split("/")[1]!)!, id), close: () => Promise.resolve() };
  },
};

async function allParsers(folder: string): Promise<readonly ParserUnderTest[]> {
  const appliance = await makeAppliance();
  const config = readFileSync(appliance.parts.state.configPath, "utf8");
  await appliance.close();
  return [...await deviceParsers(), ...networkParsers((await deviceAnswers()).luns), ...await mediaParsers(), ...fileParsers(folder, config)];
}

const slug = (name: string): string => name.replaceAll(" ", "-");

export async function tryInputs({ samples, parse, inputs }: ParserUnderTest, id: string): Promise<CaseResult> {
  const draw = drawFrom(id);
  const beforeBytes = process.memoryUsage().rss;
  for (let input = 1; input <= inputs; input += 1) {
    const bytes = mutated(samples, draw);
    try {
      await parse(bytes);
    } catch (error) {
      if (error instanceof StrongroomError && error.kind !== "internal") continue;
      const told = error instanceof Error ? error.stack ?? error.message : String(error);
      return { ending: "crash", told: `input ${String(input)} of ${String(bytes.length)} bytes: ${told}\n${bytes.subarray(0, 512).toString("base64")}`, inputs: input };
    }
  }
  const grownBytes = process.memoryUsage().rss - beforeBytes;
  if (grownBytes > memoryBoundBytes) return { ending: "crash", told: `holds ${String(grownBytes)} bytes more than before`, inputs };
  return { ending: "ok", told: `${String(inputs)} inputs`, inputs };
}
