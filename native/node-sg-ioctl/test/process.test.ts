import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildScripted, compileScripted, packageFolder, type ScriptedPackage } from "./builds.ts";

let scripted: ScriptedPackage;
beforeAll(() => { scripted = buildScripted(); });
afterAll(() => { scripted.remove(); });

/** Begins programs and workers alike; `open` opens a scripted device, `command` is one without data. */
function opening(addonPath: string, waitsAtExit: boolean): string {
  return `
    import { createRequire } from "node:module";
    import { createBinding } from ${JSON.stringify(join(packageFolder, "binding.js"))};
    const native = createRequire(import.meta.url)(${JSON.stringify(addonPath)});
    const surroundings = { hasScsi: () => true, hasSg: () => true };
    const { openDevice, allocateBuffer } = createBinding(native, { waitsAtExit: ${String(waitsAtExit)}, surroundings });
    const command = { cdb: new Uint8Array(6), timeoutMs: 60_000 };
  `;
}

async function run(name: string, body: string, env: NodeJS.ProcessEnv = {}, addonPath = scripted.addonPath) {
  const file = join(scripted.folder, `${name}.mjs`);
  writeFileSync(file, opening(addonPath, false) + body);
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let output = "";
  child.stdout.on("data", (data: Buffer) => { output += data.toString(); });
  child.stderr.on("data", (data: Buffer) => { output += data.toString(); });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { output, ended: signal ?? code };
}

async function arrived(path: string): Promise<void> {
  while (scripted.arrivals(path).length === 0) await pause(2);
}

describe("a process", () => {
  it("ends by itself with an idle device open", async () => {
    const path = scripted.device("idle");
    const body = `const device = await openDevice(${JSON.stringify(path)}); await device.execute(command); console.log("over");`;
    expect(await run("idle", body)).toEqual({ output: "over\n", ended: 0 });
  });

  it("waits for a pending command", async () => {
    const path = scripted.device("pending", "command delay=100");
    const body = `const device = await openDevice(${JSON.stringify(path)}); device.execute(command).then(() => console.log("answered"));`;
    expect(await run("pending", body)).toEqual({ output: "answered\n", ended: 0 });
  });

  it("waits for no hung device that it does not hold to", async () => {
    const path = scripted.device("unheld", "command hang=1");
    const body = `const device = await openDevice(${JSON.stringify(path)}); device.execute(command).catch(({ code }) => console.log(code));
      device.close(); device.unref();`;
    expect(await run("unheld", body)).toEqual({ output: "SG_ABORTED\n", ended: 0 });
  });

  it("can be ended while a device hangs", async () => {
    const path = scripted.device("exiting", "command hang=1");
    const body = `import { existsSync } from "node:fs";
      const device = await openDevice(${JSON.stringify(path)}); device.execute({ ...command, dataIn: allocateBuffer(4096) });
      while (!existsSync(${JSON.stringify(`${path}.log`)})) await new Promise((resolve) => setTimeout(resolve, 2));
      process.exit(5);`;
    expect(await run("exiting", body)).toEqual({ output: "", ended: 5 });
  });

  it("keeps the memory of a worker that ends until the kernel has let go of it", async () => {
    const paths = [0, 1, 2].map((round) => scripted.device(`worker${round}`, "command hang=1 fill=55"));
    const worker = join(scripted.folder, "in-worker.mjs");
    writeFileSync(worker, `${opening(scripted.addonPath, true)}
      import { workerData } from "node:worker_threads";
      const device = await openDevice(workerData); device.execute({ ...command, dataIn: new Uint8Array(1 << 20) });`);
    const body = `import { Worker } from "node:worker_threads";
      import { existsSync, writeFileSync } from "node:fs";
      const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
      for (const path of ${JSON.stringify(paths)}) {
        const worker = new Worker(${JSON.stringify(worker)}, { workerData: path });
        while (!existsSync(path + ".log")) await pause();
        let ended = false;
        const end = worker.terminate().then(() => { ended = true; });
        for (let turn = 0; turn < 10; turn += 1) await pause();
        if (ended) console.log("ended too early");
        writeFileSync(path + ".release", "");
        await end;
      }
      console.log("over");`;
    expect(await run("worker", body)).toEqual({ output: "over\n", ended: 0 });
  });

  it("is not disturbed in a command by signals", async () => {
    const path = scripted.device("signals", "command hang=1", "command status=0");
    const file = join(scripted.folder, "signals.mjs");
    writeFileSync(file, `${opening(scripted.addonPath, false)}
      let signals = 0;
      process.on("SIGUSR2", () => { signals += 1; });
      const device = await openDevice(${JSON.stringify(path)});
      await device.execute(command);
      console.log(signals > 0 ? "answered" : "no signal came");`);
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (data: Buffer) => { output += data.toString(); });
    await arrived(path);
    for (let round = 0; round < 20; round += 1) {
      child.kill("SIGUSR2");
      await pause(2);
    }
    scripted.release(path);
    await once(child, "close");
    expect(output).toBe("answered\n");
    expect(scripted.arrivals(path)).toHaveLength(1);
  });
});

/** Where the compiler keeps the runtime of its AddressSanitizer; it answers with the bare name when it has none. */
const asanLibrary = execFileSync(process.env["CC"] ?? "cc", ["-print-file-name=libasan.so"], { encoding: "utf8" }).trim();

describe("under AddressSanitizer", () => {
  it.skipIf(!existsSync(asanLibrary))("the addon makes no mistake with memory (needs the compiler's libasan.so)", async () => {
    const addonPath = join(scripted.folder, "sanitized.node");
    compileScripted(addonPath, "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1");
    const answering = scripted.device("answering", "command status=2 sense=70000600000000280000 fill=5a delay=1");
    const hanging = scripted.device("hanging", "command hang=1 fill=11");
    const body = `import { writeFileSync } from "node:fs";
      for (let round = 0; round < 60; round += 1) {
        const device = await openDevice(${JSON.stringify(answering)}, { version: 3 + round % 2, reservedBytes: 65536 });
        await Promise.all(Array.from({ length: 8 }, () => device.execute({ ...command, dataIn: allocateBuffer(10_000) })));
        const cut = Array.from({ length: 8 }, () => device.execute({ ...command, dataIn: new Uint8Array(5000) }).catch(() => undefined));
        await Promise.all([device.close(), ...cut]);
      }
      await openDevice("/nonexistent").catch(({ code }) => console.log(code));
      const device = await openDevice(${JSON.stringify(hanging)});
      device.execute({ ...command, dataIn: new Uint8Array(100_000) }).catch(({ code }) => console.log(code));
      await new Promise((resolve) => setTimeout(resolve, 50));
      const gone = device.close();
      writeFileSync(${JSON.stringify(`${hanging}.release`)}, "");
      await gone;
      console.log("over");`;
    const env = { LD_PRELOAD: asanLibrary, ASAN_OPTIONS: "detect_leaks=0:detect_stack_use_after_return=0" };
    expect(await run("sanitized", body, env, addonPath)).toEqual({ output: "ENOENT\nSG_ABORTED\nover\n", ended: 0 });
  });
});
