import { closeSync, mkdtempSync, openSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findHolders } from "../../../src/transports/sgio/index.ts";
import { type FakeMachine, fakeMachine } from "./fake-machine.ts";

let machine: FakeMachine;
beforeEach(() => { machine = fakeMachine(); });
afterEach(() => { machine.remove(); });

describe("who has a device open", () => {
  it("is found on any of its nodes, once for each, by process", () => {
    machine.process(20, "mt", "/dev/nst0", "/dev/nst0", "/dev/sg3");
    machine.process(7, "tar", "/dev/null", "/dev/st0");
    machine.process(8, "cat", "/dev/sg4", "pipe:[17]");
    machine.process(30, "node", "/dev/sg3");
    machine.write("proc/self-made", "");
    machine.write("proc/12/comm", "without descriptors\n");
    expect(findHolders(machine.roots.proc, ["/dev/sg3", "/dev/st0", "/dev/nst0"], 30)).toEqual({
      holders: [
        { processId: 7, command: "tar", node: "/dev/st0" },
        { processId: 20, command: "mt", node: "/dev/nst0" },
        { processId: 20, command: "mt", node: "/dev/sg3" },
      ],
      unseen: 0,
    });
  });

  it("is nobody where there are no processes to see", () => {
    expect(findHolders(join(machine.roots.proc, "nowhere"), ["/dev/sg3"])).toEqual({ holders: [], unseen: 0 });
  });

  it("is found in the real /proc", () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "strongroom-holder-")));
    const path = join(folder, "node");
    const fd = openSync(path, "w");
    try {
      expect(findHolders("/proc", [path]).holders).toMatchObject([{ processId: process.pid, node: path }]);
      expect(findHolders("/proc", [path], process.pid).holders).toEqual([]);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });
});
