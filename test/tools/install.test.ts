import { spawnSync } from "node:child_process";
import { existsSync, globSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/index.ts";

/** What can be proven below a folder; the rest is proven in a Debian of its own: tools/install-test. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const units = globSync("packaging/systemd/*.service", { cwd: root }).map((path) => join(root, path));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "strongroom-install-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function install(...more: readonly string[]) {
  const { status, stdout, stderr } = spawnSync("sh", [join(root, "tools/install"), "--destdir", folder, ...more], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("tools/install --destdir", () => {
  it("installs what runs, for everybody to read and nobody to write", { timeout: 120_000 }, () => {
    const first = install();
    expect(first.status, first.stderr).toBe(0);
    const home = join(folder, "usr/local/lib/strongroom");
    const app = join(home, readlinkSync(join(home, "app")));
    expect(lstatSync(app).isDirectory()).toBe(true);
    expect(spawnSync(join(app, "tools/strongroom"), ["explain", "3/11/00"], { encoding: "utf8" }).status).toBe(0);
    expect(existsSync(join(app, "node_modules/typescript"))).toBe(false);
    const found = globSync("**/*", { cwd: folder }).map((path) => join(folder, path)).filter((path) => !lstatSync(path).isSymbolicLink());
    expect(found.filter((path) => (statSync(path).mode & 0o022) !== 0)).toEqual([]);
    expect(globSync("usr/local/share/man/man1/*.1", { cwd: folder })).toHaveLength(commands.length + 1);
  });

  it("takes all of it away again", () => {
    expect(install("--uninstall")).toMatchObject({ status: 0 });
    expect(globSync("**/*", { cwd: folder }).filter((path) => !statSync(join(folder, path)).isDirectory())).toEqual([]);
  });

  it("does not take what it does not know", () => {
    const { status, stderr } = install("--force");
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining("usage: tools/install") as string });
  });
});

describe("the units", () => {
  it("run only commands that there are, with options that they take", () => {
    expect(units.length).toBeGreaterThan(2);
    for (const unit of units) {
      const line = /^ExecStart=\S+\/strongroom (.*)$/m.exec(readFileSync(unit, "utf8"))?.[1] ?? "";
      const words = line.split(" ");
      const command = commands.find(({ noun, verb }) => noun === words[0] && (verb === "" || verb === words[1]));
      expect(command, line).toBeDefined();
      const known = [...(command!.options ?? []).map(({ flags }) => flags.split(" ")[0]), "--no-input", "--quiet"];
      expect(words.filter((word) => word.startsWith("--") && !known.includes(word)), line).toEqual([]);
    }
  });

  it("do nothing before there is an appliance", () => {
    for (const unit of units) expect(readFileSync(unit, "utf8")).toContain("ConditionPathExists=/var/lib/strongroom/config.json");
  });

  it.skipIf(spawnSync("systemd-analyze", ["--version"]).error !== undefined)("are exposed as little as the manual says (not here without systemd-analyze)", () => {
    for (const unit of units) {
      const { status, stdout } = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", unit], { encoding: "utf8" });
      expect(status, stdout).toBe(0);
    }
  });
});
