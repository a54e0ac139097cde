import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLibrary } from "../../../simulator/index.ts";
import { discoverIscsiTargets, openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { type Answer, inProcess } from "../../support/command-line.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";

const program = fileURLToPath(new URL("../../../src/main/strongroom.ts", import.meta.url));
const initiator = "iqn.2026-11.test:initiator";
const place = { initiator, clock: systemClock, random: systemRandom };

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "strongroom-serve-"));
  for (const name of ["one", "Two & more"]) {
    await (await createLibrary(join(folder, name), { drives: 2, slots: 2, cartridges: [{ barcode: "SR0001L8", capacityBytes: 1024 * 1024 }] }, systemRandom)).close();
  }
  writeFileSync(join(folder, "secret"), "a secret for tests\n");
  writeFileSync(join(folder, "own"), "another secret for tests\n");
  writeFileSync(join(folder, "third"), "a third secret for tests\n");
  for (const name of ["secret", "own", "third"]) chmodSync(join(folder, name), 0o600);
});
afterAll(() => { rmSync(folder, { recursive: true }); });

interface Service {
  readonly listen: string;
  readonly targets: readonly { readonly target: string; readonly units: readonly number[] }[];
}

/** Starts the program, does something with what it says it serves, and ends it; gives its exit code. */
async function withService(words: readonly string[], use: (service: Service) => Promise<void>, signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
  const child = spawn(process.execPath, [program, "simulator", "serve", ...words, "--listen", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit") as Promise<[number | null]>;
  try {
    let text = "";
    for await (const line of createInterface({ input: child.stdout })) {
      text += `${line}\n`;
      if (line === "}" || /^\{.*\}$/.test(line)) break;
    }
    await use(JSON.parse(text) as Service);
  } finally {
    child.kill(signal);
  }
  return (await exited)[0];
}

const simulatorServe = async (words: readonly string[]): Promise<Answer> => await inProcess(["simulator", "serve", ...words, "--listen", "127.0.0.1:0"]);

describe("strongroom simulator serve", () => {
  it("serves several libraries, one target each, until it is ended", async () => {
    const folders = [join(folder, "one"), join(folder, "Two & more")];
    const code = await withService([...folders, "--disk", "1MiB"], async ({ listen, targets }) => {
      const names = ["iqn.2026-11.internal.strongroom:one", "iqn.2026-11.internal.strongroom:two-more"];
      expect(targets.map(({ target, units }) => ({ target, units }))).toEqual(names.map((target) => ({ target, units: [0, 1, 2, 3] })));
      expect(await discoverIscsiTargets({ ...place, portal: listen })).toEqual(names.map((name) => ({ name, portals: [listen] })));
      const units = openIscsiTransports({ ...place, portal: listen, target: names[1]! });
      expect(await units.reportLuns()).toEqual([0, 1, 2, 3]);
      await units.close();
    });
    expect(code).toBe(0);
  });

  it("lets go wrong what a file of rules says", async () => {
    const [rules, wrong] = [join(folder, "rules"), join(folder, "wrong-rules")];
    writeFileSync(rules, `{"lun": 1, "opcode": "0x12", "every": 1, "effect": {"kind": "sense", "key": 4, "code": "0x4400"}}\n`);
    writeFileSync(wrong, `# two rules\n{"lun": 1, "efect": {"kind": "busy"}}\n`);
    const code = await withService([join(folder, "one"), "--faults", rules, "--fault-seed", "3"], async ({ listen, targets }) => {
      const units = openIscsiTransports({ ...place, portal: listen, target: targets[0]!.target });
      const inquiry = { cdb: Uint8Array.of(0x12, 0, 0, 0, 36, 0), timeoutMs: 5000 };
      const answers = await Promise.all([1, 2].map(async (lun) => (await units.transport(lun)).execute({ ...inquiry, dataIn: new Uint8Array(36) })));
      expect(answers.map(({ status, sense }) => [status, sense[2], sense[12]])).toEqual([[2, 4, 0x44], [0, undefined, undefined]]);
      await units.close();
    });
    expect(code).toBe(0);
    const refused = await simulatorServe([join(folder, "one"), "--faults", wrong]);
    expect(refused.err).toContain("line 2: a rule has no \"efect\"");
    expect((await simulatorServe([join(folder, "one"), "--faults", join(folder, "none")])).err).toContain("could not be read");
    expect((await simulatorServe([join(folder, "one"), "--fault-seed", "3"])).err).toContain("without faults");
  });

  it("lets in who proves who he is, and shows that it is the right one", async () => {
    const [secretFile, ownFile] = [join(folder, "secret"), join(folder, "own")];
    const words = [
      join(folder, "one"), "--target", "iqn.2026-11.test:mine", "--chap-user", "backup", "--chap-secret-file", secretFile, "--own-chap-user", "library",
      "--own-chap-secret-file", ownFile, "--digests",
    ];
    const code = await withService(words, async ({ listen }) => {
      const wish = { ...place, portal: listen, target: "iqn.2026-11.test:mine", digests: "required" as const };
      const units = openIscsiTransports({ ...wish, chap: { user: "backup", secretFile, target: { user: "library", secretFile: ownFile } } });
      expect(await units.reportLuns()).toEqual([0, 1, 2]);
      const strangers = [{}, { chap: { user: "backup", secretFile: ownFile } }, { chap: { user: "other", secretFile } }];
      for (const account of strangers) await expect(openIscsiTransports({ ...wish, ...account }).transport(0)).rejects.toMatchObject({ code: "ISCSI_DENIED" });
      const impostor = openIscsiTransports({ ...wish, chap: { user: "backup", secretFile, target: { user: "library", secretFile: join(folder, "third") } } });
      await expect(impostor.transport(0)).rejects.toMatchObject({ code: "ISCSI_DENIED" });
      const twice = [join(folder, "one"), "--chap-user", "a", "--chap-secret-file", secretFile, "--own-chap-user", "b", "--own-chap-secret-file", secretFile];
      expect(await simulatorServe(twice)).toMatchObject({ code: 2, err: expect.stringContaining("CHAP_SECRETS_SAME") as string });
      // Whoever is logged in when the service ends is told so.
      await units.transport(1);
    }, "SIGINT");
    expect(code).toBe(0);
  });

  it.each<[string, (at: string) => readonly string[], string]>([
    ["more names than folders", (at) => [join(at, "one"), "--target", "iqn.2026-11.test:a", "--target", "iqn.2026-11.test:b"], "TARGET_NAMES"],
    ["a name that is none", (at) => [join(at, "one"), "--target", "my-library"], "TARGET_NAME"],
    ["the same folder twice", (at) => [join(at, "one"), join(at, "one")], "TARGET_NAME"],
    ["a user without a secret", (at) => [join(at, "one"), "--chap-user", "backup"], "CHAP_ACCOUNT"],
    ["a proof that nobody may ask for", (at) => [join(at, "one"), "--own-chap-user", "a", "--own-chap-secret-file", join(at, "own")], "CHAP_ACCOUNT"],
    ["a secret that is not there", (at) => [join(at, "one"), "--chap-user", "a", "--chap-secret-file", join(at, "none")], "ISCSI_SECRET_UNUSABLE"],
  ])("refuses %s, and serves nothing", async (_what, words, code) => {
    const ran = await simulatorServe(words(folder));
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain(`[${code}]`);
    expect(ran.out).toBe("");
  });

  it("says what listens where it should, and an address that is none", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const one = await inProcess(["simulator", "serve", join(folder, "one"), "--listen", `127.0.0.1:${String(port)}`]);
    await new Promise((resolve) => taken.close(resolve));
    expect(one.err).toContain("[TARGET_LISTEN]");
    expect((await inProcess(["simulator", "serve", join(folder, "one"), "--listen", "not an address"])).err).toContain("[LISTEN_ADDRESS]");
  });
});
