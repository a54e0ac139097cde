import type { CampaignCase, CaseResult, Family, OpenFamily } from "../frame/contract.ts";
import { type CommandBench, openCommandBench } from "./bench.ts";
import { type NamedFault, namedFaults } from "./faults.ts";
import { playSteps, severityMistake, untruths } from "./judge.ts";
import { beginReferenceJob, type ReferenceJob } from "./reference.ts";

export const commandsFamily: Family = {
  name: "commands",
  about: "each SCSI command of the reference job, each fault",
  boundMs: 90_000,
  heapMegabytes: 1024,
  open: async (folder) => {
    const bench = await openCommandBench(folder);
    const recorded = await recordCommands(bench);
    const places = recorded.flatMap((commands, lun) => commands.map((_, at) => ({ lun, nth: at + 1 })));
    const cases = places.flatMap(({ lun, nth }) => namedFaults.map((fault): CampaignCase => ({ id: idOf(lun, nth, fault), row: fault.name })));
    return { cases, run: async (id) => await playCase(bench, id), close: async () => Promise.resolve() } satisfies OpenFamily;
  },
};

/** The reference job without faults: it must be done at the first try, and everything be true. */
async function recordCommands(bench: CommandBench): Promise<readonly (readonly number[])[]> {
  const job = await beginReferenceJob(bench);
  const told: string[] = [];
  const wrong = await playSteps(job, told);
  const commands = job.watched.commands.map((of) => [...of]);
  const untrue = await untruths(job);
  await job.watched.close();
  if (wrong !== undefined || told.length > 0 || untrue.length > 0) throw new Error(`the reference job fails without faults: ${JSON.stringify({ wrong, told, untrue })}`);
  return commands;
}

/** Unit 0 is the changer. Which commands there are follows from the reference job: the nth of a unit is the same in every run of this version. */
function idOf(lun: number, nth: number, { name }: NamedFault): string {
  return `commands/unit-${String(lun)}/${String(nth).padStart(4, "0")}/${name}`;
}

async function playCase(bench: CommandBench, id: string): Promise<CaseResult> {
  const [, unit = "", nth = "", name = ""] = id.split("/");
  const fault = namedFaults.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  const job = await beginReferenceJob(bench);
  const { library, commands } = job.watched;
  const told: string[] = [];
  try {
    library.inject({ lun: Number(unit.slice("unit-".length)), nth: Number(nth), effect: fault.effect, phase: fault.phase });
    const wrong = await playSteps(job, told);
    const strikes = library.strikes().length;
    library.clearFaults();
    const where = `${id}, operation code ${commands[Number(unit.slice("unit-".length))]?.[Number(nth) - 1]?.toString(16) ?? "?"}, struck ${String(strikes)}`;
    const result = wrong ?? await judged(job);
    const all = [where, ...told, ...result.told === "" ? [] : [result.told]].join("\n");
    return { ending: result.ending === "ok" && strikes === 0 ? "not met" : result.ending, told: all };
  } finally {
    await job.watched.close();
  }
}

async function judged(job: ReferenceJob): Promise<CaseResult> {
  const severity = severityMistake(job);
  if (severity !== undefined) return { ending: "wrong severity", told: severity };
  const untrue = await untruths(job);
  if (untrue.length > 0) return { ending: "false ok", told: untrue.join("\n") };
  await job.restore();
  const { wrong, missing } = job.compare();
  return wrong.length + missing.length === 0 ? { ending: "ok", told: "" } : { ending: "silent loss", told: `${wrong.join(", ")} wrong, ${missing.join(", ")} missing` };
}
