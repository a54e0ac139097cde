import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maySetOwners } from "../../../src/work/open/target/privilege.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "strongroom-privilege-"));
  chmodSync(folder, 0o755);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ["000001ffffffffff", true, "root"],
  ["0000000000000000", false, "everybody else"],
  ["000000000802001f", true, "the appliance's user in a restore"],
  ["0000000000020004", false, "the appliance's user in an archive run"],
  ["000000000000001a", false, "who may not give files away"],
  ["000000000000000b", false, "who may not keep special bits"],
])("goes by the rights that the kernel goes by: %s is %s (%s)", (effective, expected) => {
  const path = join(folder, effective);
  writeFileSync(path, `Name:\tnode\nCapInh:\t000001ffffffffff\nCapPrm:\t000001ffffffffff\nCapEff:\t${effective}\nCapBnd:\t000001ffffffffff\n`);
  expect(maySetOwners(path)).toBe(expected);
});

it.each(["", "CapEff:\tnothing\n"])("goes by the user where the kernel does not tell", (status) => {
  const path = join(folder, "untold");
  writeFileSync(path, status);
  expect(maySetOwners(path)).toBe(process.geteuid?.() === 0);
  expect(maySetOwners(join(folder, "nowhere"))).toBe(process.geteuid?.() === 0);
});

const rightsChanged = spawnSync("setpriv", ["--bounding-set", "-mknod", "true"]).status === 0;

describe.skipIf(!rightsChanged)(`a restore with a part of root's rights (${rightsChanged ? "can be tried" : "needs root and setpriv"})`, () => {
  const script = `
    import { openTarget } from ${JSON.stringify(new URL("../../../src/work/open/target/index.ts", import.meta.url).href)};
    const writer = openTarget(process.argv[1], (bytes) => bytes.fill(1), { notice: ({ code }) => { console.log(code); } });
    const base = { type: "file", mode: 0o4755, uid: 777, gid: 778, owner: "", group: "", mtimeNs: 0n, sizeBytes: 0 };
    writer.add({ ...base, path: Buffer.from("program") });
    writer.add({ ...base, path: Buffer.from("null"), type: "character-device", device: { major: 1, minor: 3 } });
    writer.finish();`;
  const restoreAs = (name: string, ...rights: readonly string[]): { readonly target: string; readonly told: string; readonly err: string } => {
    const target = join(folder, name);
    mkdirSync(target, { mode: 0o777 });
    chmodSync(target, 0o777);
    const line = [...rights, process.execPath, "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script, target];
    const { stdout, stderr } = spawnSync("setpriv", line, { encoding: "utf8" });
    return { target, told: stdout, err: stderr };
  };

  it("of root without the right to give files away is a restore without owners", () => {
    const { target, told, err } = restoreAs("contained", "--bounding-set", "-chown");
    expect(err).toBe("");
    expect(told).toBe("SET_ID_REMOVED\nDEVICE_LEFT_OUT\n");
    const { uid, mode } = statSync(join(target, "program"));
    expect([uid, mode & 0o7777]).toEqual([0, 0o755]);
  });

  it("of root without the right to make devices leaves those out alone", () => {
    const { target, told, err } = restoreAs("without-devices", "--bounding-set", "-mknod");
    expect(err).toBe("");
    expect(told).toBe("DEVICE_LEFT_OUT\n");
    const { uid, gid, mode } = statSync(join(target, "program"));
    expect([uid, gid, mode & 0o7777]).toEqual([777, 778, 0o4755]);
    expect(existsSync(join(target, "null"))).toBe(false);
  });

  it("of another user who was given them gives owners as root does", () => {
    const given = "+chown,+dac_override,+fowner,+fsetid";
    const { target, told, err } = restoreAs("given", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps", given, "--ambient-caps", given);
    expect(err).toBe("");
    expect(told).toBe("DEVICE_LEFT_OUT\n");
    const { uid, gid, mode } = statSync(join(target, "program"));
    expect([uid, gid, mode & 0o7777]).toEqual([777, 778, 0o4755]);
  });
});
