import { describe, expect, it } from "vitest";
import { strongroom } from "../command-line.ts";

/** One line for every list, show and change: what people see, and what programs get. */
const lines = [
  "appliance init --name vault",
  "appliance show",
  "appliance check",
  "status",
  "key list",
  "key show recovery",
  "library add vtl --simulator /srv/vtl",
  "library add autoloader --changer /dev/sg3 --drive serial:10WT000001",
  "library list",
  "library show vtl",
  "library discover 10.0.0.5",
  "library open vtl",
  "library close vtl",
  "library remove vtl",
  "library move vtl slot:1 mail:1",
  "library import vtl",
  "library export vtl SR0001L8",
  "library audit vtl",
  "drive list",
  "device list",
  "drive show 0",
  "drive health 0",
  "drive clean 0",
  "drive load SR0001L8",
  "drive unload vtl 0",
  "drive explain 3/11/00",
  "pool create onsite --kind tape",
  "pool list",
  "pool show onsite",
  "pool set onsite --verify-every 365",
  "pool remove onsite",
  "volume init SR0001L8 --pool onsite",
  "volume list",
  "volume show SR0001L8",
  "volume identify SR0001L8",
  "volume verify SR0001L8",
  "volume verify SR0001L8 --sample 10 --seed 7",
  "volume verify SR0001L8 --quick",
  "volume duplicate SR0001L8 --to SR0009L8",
  "volume migrate SR0001L8 --to SR0009L8",
  "volume migrate SR0001L8 --to SR0009L8 --dry-run",
  "volume verify --due --for 8h",
  "volume due",
  "archive create photos --source /srv/photos --pool onsite",
  "archive list",
  "archive show photos",
  "archive plan photos",
  "archive remove photos",
  "archive run photos",
  "archive mend photos",
  "archive troubles photos",
  "snapshot list photos",
  "snapshot show photos",
  "snapshot entries photos",
  "file find a.jpg",
  "file list photos/",
  "file history photos photos/a.jpg",
  "file recall photos",
  "job list",
  "job show 7",
  "job log",
  "appliance notify",
  "simulator create /srv/vtl",
  "simulator show /srv/vtl",
  "simulator insert /srv/vtl SR0011L8",
  "simulator take /srv/vtl SR0001L8",
  "simulator protect /srv/vtl SR0001L8",
  "simulator dump /srv/vtl SR0001L8 /tmp/out",
  "simulator damage /srv/vtl SR0001L8 --file 3 --byte 1000",
  "simulator break /srv/vtl SR0001L8 spot --objects 40-60 --tries 2",
  "simulator mend /srv/vtl SR0001L8 chip",
  "simulator power /srv/vtl off --drive 0",
  "simulator cable /srv/vtl pull",
  "simulator door /srv/vtl open --mail",
  "simulator magazine /srv/vtl out 1",
  "simulator move /srv/vtl SR0001L8 slot:3",
  "simulator relabel /srv/vtl SR0001L8 --unreadable",
  "simulator timing",
  "simulator models",
  "simulator changers",
];

// Every control character but the ends of lines, in whichever of its two ranges.
// eslint-disable-next-line no-control-regex -- control characters are exactly what must not be there
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

describe("what a command prints", () => {
  it.each(lines)("%s: for people, without a control character, and for programs", async (line) => {
    const text = await strongroom(line.split(" "));
    expect(text).toMatchObject({ code: 0 });
    expect(text.out + text.err).not.toMatch(control);
    const json = await strongroom([...line.split(" "), "--json"]);
    expect(json).toMatchObject({ code: 0, err: "" });
    expect(json.out).not.toMatch(control);
    for (const document of documentsOf(json.out)) expect(document).toBeTypeOf("object");
    await expect(`$ strongroom ${line}\n${text.out}${text.err}\n$ strongroom ${line} --json\n${json.out}`).toMatchFileSnapshot(
      `output/${line.split(" ").slice(0, 2).join("-")}${endingOf(line)}.txt`,
    );
  });
});

/** Several lines of one command are told apart. */
function endingOf(line: string): string {
  const options = { "--changer": "-sg", "--sample": "-sample", "--quick": "-quick", "--dry-run": "-dry", "--due": "-due" };
  return Object.entries(options).find(([option]) => line.includes(option))?.[1] ?? "";
}

/** A document is one value; jobs and entries are one value a line. */
function documentsOf(out: string): readonly unknown[] {
  return out.startsWith("{\n") ? [JSON.parse(out)] : out.trimEnd().split("\n").map((line): unknown => JSON.parse(line));
}
