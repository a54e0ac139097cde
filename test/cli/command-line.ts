import { type CliContext, runCommandLine, type SimulatorTools } from "../../src/cli/index.ts";
import { fakeOperations, type Instead, type SeenCall } from "./fake-operations.ts";
import { ManualClock } from "./frame/fake-context.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What reached the appliance, in order. */
  readonly seen: readonly SeenCall[];
  readonly closed: boolean;
}

export interface Surroundings {
  readonly instead?: Instead;
  /** What a person types at the prompts; undefined: nobody is there. */
  readonly answers?: readonly string[];
  /** Called with the listeners of signals as soon as a job listens to them. */
  readonly signals?: Map<string, () => void>;
  readonly exits?: number[];
}

/** Runs the whole command line, from words to exit code, on a fake appliance and a fake simulated library. */
export async function strongroom(line: readonly string[], { instead = {}, answers, signals, exits }: Surroundings = {}): Promise<Ran> {
  const written = { out: "", err: "" };
  const { operations, seen, closed } = fakeOperations(instead);
  const typed = [...(answers ?? [])];
  const output = (to: "out" | "err") => ({
    isTty: false,
    columns: () => undefined,
    write: (text: string) => { written[to] += text; },
    drained: () => Promise.resolve(false),
  });
  const take = (prompt: string): string | undefined => {
    written.err += prompt;
    return typed.shift();
  };
  const context: CliContext = {
    stdout: output("out"),
    stderr: output("err"),
    terminal: answers && {
      readLine: (prompt) => Promise.resolve(take(prompt)),
      readSecret: (prompt) => {
        const text = take(prompt);
        return Promise.resolve(text === undefined ? undefined : Buffer.from(text));
      },
    },
    environment: {},
    clock: new ManualClock(),
    defaultStateFolder: "/state",
    version: "0.0.0",
    simulator: () => Promise.resolve(fakeSimulator(seen)),
    console: (_folder, _operations, choice) => {
      seen.push({ operation: "console", given: [choice] });
      return Promise.resolve();
    },
    openOperations: () => Promise.resolve({ operations, close: () => operations.close() }),
    onSignal: (signal, listener) => {
      signals?.set(signal, listener);
      return () => signals?.delete(signal);
    },
    exitNow: (code) => exits?.push(code),
  };
  const code = await runCommandLine(line, context);
  return { code, ...written, seen, closed: closed() };
}

function fakeSimulator(seen: SeenCall[]): SimulatorTools {
  const note = <Result>(operation: string, result: Result) => (...given: readonly unknown[]): Promise<Result> => {
    seen.push({ operation: `simulator.${operation}`, given });
    return Promise.resolve(result);
  };
  return {
    hands: {
      breakSpot: note("hands.breakSpot", { first: 40, last: 60 }),
      breakCartridge: note("hands.breakCartridge", undefined),
      mendCartridge: note("hands.mendCartridge", undefined),
      breakDrive: note("hands.breakDrive", undefined),
      mendDrive: note("hands.mendDrive", undefined),
      setDirt: note("hands.setDirt", undefined),
      setGripper: note("hands.setGripper", undefined),
      setPower: note("hands.setPower", undefined),
      setCable: note("hands.setCable", undefined),
      setDoor: note("hands.setDoor", undefined),
      setMagazine: note("hands.setMagazine", undefined),
      moveByHand: note("hands.moveByHand", undefined),
      relabel: note("hands.relabel", undefined),
      states: note("hands.states", []),
    },
    create: note("create", undefined),
    show: note("show", {
      folder: "/srv/vtl",
      elements: [{ name: "slot:1", barcode: "SR0001L8" }, { name: "drive:0", barcode: undefined }],
      cartridges: [{ barcode: "SR0001L8", place: "slot:1", capacityBytes: 67_108_864, usedBytes: 1024, writeProtected: false }],
      states: [{ thing: "drive:0", state: "off" }, { thing: "SR0001L8", state: "tape snapped" }],
    }),
    insert: note("insert", { mailSlot: 1, isNew: true }),
    take: note("take", undefined),
    setWriteProtect: note("setWriteProtect", undefined),
    dump: note("dump", { files: 7, bytes: 1_048_576 }),
    damage: note("damage", undefined),
    digests: note("digests", ["0".repeat(64), undefined]),
    faults: { add: note("faults.add", 1), list: note("faults.list", []), clear: note("faults.clear", 2), strikes: note("faults.strikes", []) },
    serve: async (wish, _signal, { listening }) => {
      listening({ listen: "127.0.0.1:3260", targets: wish.libraries.map(({ folder, target }) => ({ folder, target: target ?? "iqn.2026-11.internal.strongroom:vtl", drives: 2, units: [0, 1, 2] })) });
      return await note("serve", [])(wish);
    },
    models: () => {
      seen.push({ operation: "simulator.models", given: [] });
      const writes = ["LTO-7", "LTO-6"];
      return [{
        name: "LTO-7", product: "ULTRIUM-TD7", densityCode: 0x5c, nativeBytes: 6e12, writes, readsOnly: ["LTO-5"], recommendsOrders: false, estimated: [],
      }];
    },
    changers: () => {
      seen.push({ operation: "simulator.changers", given: [] });
      const firstAddresses = { transport: 1, mailSlot: 16, drive: 256, slot: 4096 };
      return { layouts: [{ name: "default", firstAddresses, because: "many libraries" }], quirks: [{ name: "one-type", what: "refuses all types at once" }] };
    },
    timing: () => {
      seen.push({ operation: "simulator.timing", given: [] });
      return [{ generation: "LTO-9", what: "average locate", unit: "s", published: 45, modelled: 45.2, isEstimated: false }];
    },
  };
}
