import { randomInt } from "node:crypto";
import { families } from "./families.ts";
import { runCampaign } from "./frame/campaign.ts";
import { Crew } from "./frame/crew.ts";
import { type CampaignOptions, readCampaignOptions, usage } from "./frame/options.ts";
import { badCase, countsOf, isBad, tableOf } from "./frame/report.ts";

async function main({ seconds, seed, id, families: names, list }: CampaignOptions): Promise<number> {
  const chosen = families.filter(({ name }) => names.length === 0 || names.includes(name));
  if (list) {
    for (const family of chosen) {
      const crew = new Crew(family);
      try {
        for (const one of await crew.open()) console.log(one.id);
      } finally {
        crew.close();
      }
    }
    return 0;
  }
  let isStopped = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => { isStopped = true; });
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  console.log(`campaign with seed ${String(seed)}, ${id ?? `${String(seconds)} seconds`}`);
  const runs = await runCampaign({
    families: chosen, seed, id,
    isOver: () => isStopped || (id === undefined && elapsed() >= seconds),
    heard: (one) => {
      if (isBad(one)) console.log(`\n${badCase(one)}`);
      else if (id !== undefined) console.log(`\n${one.ending}: ${one.id}\n  ${one.told}`);
    },
  });
  for (const { family, ended, inAll } of runs) console.log(`\n${tableOf(family, ended, inAll)}`);
  const ended = runs.flatMap((run) => run.ended);
  // A family of which no case was run proves nothing, and must not look as if it did.
  const idle = runs.filter((run) => run.ended.length === 0);
  for (const { family } of idle) console.log(`\n${family.name}: there was no time for a single case`);
  console.log(`\n${elapsed().toFixed(0)} s, seed ${String(seed)}\n${countsOf(ended)}`);
  return ended.some(isBad) || idle.length > 0 ? 1 : 0;
}

let options: CampaignOptions;
try {
  options = readCampaignOptions(process.argv.slice(2), families.map(({ name }) => name), randomInt(1_000_000));
} catch (error) {
  console.error(`campaign: ${(error as Error).message}\n${usage}`);
  process.exit(2);
}
process.exitCode = await main(options);
