import { describe, expect, it } from "vitest";
import type { CommandListener } from "../../src/console/index.ts";
import { runPlainConsole } from "../../src/console/plain/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import type { EntryRecord, SnapshotRecord } from "../../src/records/index.ts";
import { systemClock } from "../../src/words/index.ts";
import { shownRows } from "../../src/console/views/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const losses = { pool: "onsite", lastWrittenMs: 0, copies: 3, onlyCopies: 1, elsewhere: [{ barcode: "SR0001L8", place: "shelf B4" }] };

const entry = (path: string, type: "file" | "directory"): EntryRecord => ({
  id: 1, path: new TextEncoder().encode(path), type, mode: 0o644, uid: 0, gid: 0, sizeBytes: 1024, mtimeNs: 0n, ctimeNs: 0n, inode: 1n, condition: "intact", firstSnapshot: 1, segmentId: 1,
});
/** Snapshots 1 and 2 of an archive, with a directory of two files. */
const files = {
  snapshots: () => Promise.resolve([1, 2].map((number): SnapshotRecord => ({
    id: number, archiveId: 1, number, state: "complete", startedMs: picture.readMs, finishedMs: picture.readMs, base: undefined, totals: undefined,
  }))),
  directory: (_archive: string, _snapshot: number, path: Uint8Array) =>
    Promise.resolve({ entries: path.length === 0 ? [entry("2026", "directory"), entry("b", "file")] : [entry("2026/a", "file"), entry("2026/-rf", "file")], hasMore: false }),
};

interface Played {
  readonly transcript: string;
  readonly started: readonly { readonly words: string; readonly isJob: boolean; readonly secret: string | undefined }[];
}

/** Types these lines, one at each prompt, and tells all that a person would read. */
async function play(lines: readonly string[], secret = "", exitCode = 0): Promise<Played> {
  let transcript = "";
  const started: { words: string; isJob: boolean; secret: string | undefined }[] = [];
  const typed = [...lines];
  const reader = {
    readLine: (prompt: string) => {
      const line = typed.shift();
      transcript += `${prompt}${line ?? ""}\n`;
      return Promise.resolve(line);
    },
    readSecret: (prompt: string) => {
      transcript += `${prompt}\n`;
      return Promise.resolve(Uint8Array.from(Buffer.from(secret)));
    },
    write: (text: string) => { transcript += text; },
  };
  const parts = {
    feed: { read: () => Promise.resolve(picture), losses: () => Promise.resolve(losses), ...files },
    commands: {
      start: (words: readonly string[], options: { readonly isJob: boolean; readonly secret: Uint8Array | undefined }, listener: CommandListener) => {
        started.push({ words: words.join(" "), isJob: options.isJob, secret: options.secret === undefined ? undefined : Buffer.from(options.secret).toString() });
        listener.lines(["said by the command"]);
        listener.ended(exitCode);
      },
    },
    clock: { ...systemClock, nowMs: () => picture.readMs },
    words: tongues[0]!,
  };
  await runPlainConsole(parts, reader, new AbortController().signal);
  return { transcript, started };
}

describe("the plain console", () => {
  it("says everything in lines that stay", async () => {
    const { transcript } = await play(["1", "1", "", "5", "3", "", "SR0009L8", "", ":job list", "nonsense", "q"]);
    await expect(transcript).toMatchFileSnapshot("screens/plain.txt");
    expect(transcript).not.toMatch(/[^\P{Cc}\n]/u);
    expect(transcript).not.toMatch(/[█░▁─│┌]/u);
  });

  it("tells what needs a person once, and not again", async () => {
    const { transcript } = await play(["", "", "q"]);
    expect(transcript.match(/wants cleaning/g)).toHaveLength(1);
  });

  it("runs any command line, with or without the program's name, and says how it ended", async () => {
    const { started, transcript } = await play([":strongroom job list --limit 3", ":volume show 'SR 1'"], "", 5);
    expect(started.map(({ words }) => words)).toEqual(["job list --limit 3", "volume show SR 1"]);
    expect(transcript).toContain("ended with exit code 5");
  });

  it("gives a secret to the command and shows it nowhere", async () => {
    const at = 4;
    const { started, transcript } = await play(["4", "1", String(at), "", "/tmp/back", "/keys/operations.asc", "y", "q"], "open sesame");
    // Which volumes it needs is told before, without the secret.
    expect(started[0]).toEqual({ words: "file recall photos", isJob: false, secret: undefined });
    expect(started.slice(1)).toEqual([{ words: "file restore photos --to /tmp/back --key /keys/operations.asc --passphrase-fd 3 --wait forever", isJob: true, secret: "open sesame" }]);
    expect(transcript).not.toContain("sesame");
  });

  it("opens an archive to its snapshots and their trees, marks there, and restores what is marked", async () => {
    // Archives, photos, its snapshots; snapshot 2, its directory; two marks; the actions of a row: restore.
    const { started, transcript } = await play(["4", "1", "5", "1", "1", "* 3", "* 4", "a 2", "2", "/back", "/k.asc", "y", "", "", "", "q"], "open sesame");
    const paths = "./2026/-rf ./b";
    expect(started.map(({ words }) => words)).toEqual([
      `file recall photos ${paths} --snapshot 2`, `file restore photos ${paths} --snapshot 2 --to /back --key /k.asc --passphrase-fd 3 --wait forever`,
    ]);
    expect(transcript).toContain("2 marked");
    // Each empty line went one step back, to the menu and no further.
    expect(transcript.trimEnd().split("\n").at(-1)).toBe("strongroom> q");
  });

  it("takes several out from the menu of a cartridge", async () => {
    const { started, transcript } = await play(["SR0003L8", "3", "", "y", "q", "q"]);
    expect(transcript).toContain("Take out");
    expect(started.map(({ words }) => words)).toEqual(["library export vtl SR0003L8"]);
  });

  it("writes over a cartridge for its barcode and a yes, and for nothing less", async () => {
    const row = shownRows({ appliance: picture, state: stateAt(80, 24), words: tongues[0]! }, "cartridges").find(({ barcode }) => barcode === "SR0003L8")!;
    const question = ["SR0003L8", String(row.actions.findIndex(({ id }) => id === "overwrite") + 1), "onsite"];
    expect((await play([...question, "SR0003L8", "y"])).started.map(({ words }) => words)).toEqual(["volume init SR0003L8 --pool onsite --overwrite SR0003L8"]);
    for (const answers of [["SR0003L8", ""], ["SR0003L8", "SR0003L8"], ["SR0001L8", "y"], ["y", "y"], ["SR0003L8"], []]) {
      const { started } = await play([...question, ...answers]);
      expect(started.filter(({ words }) => words.includes("--overwrite"))).toEqual([]);
    }
  });
});
