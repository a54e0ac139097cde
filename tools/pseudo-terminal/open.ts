import { spawn } from "node:child_process";
import { constants } from "node:os";
import { frame, FrameReader, mostFrameBytes } from "./frames.ts";

export interface LineParts {
  /** What `buildLine` gave. */
  readonly line: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  readonly columns: number;
  readonly rows: number;
  /** How fast the line carries what the program writes, such as 960 for 9600 baud; as fast as it goes when not given. */
  readonly bytesPerSecond?: number;
}

export interface LineMode {
  readonly isByLines: boolean;
  readonly echoes: boolean;
  readonly hasSignalKeys: boolean;
}

export interface LineEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** A program on a terminal of its own, as its keyboard and its screen see it. It is hung up on when this process ends, however it ends. */
export interface PseudoTerminal {
  /** Known once the program was started. */
  readonly processId: Promise<number>;
  readonly ended: Promise<LineEnd>;
  /** Bytes that the program has written and the line has carried. */
  readonly carriedBytes: number;
  type(keys: string | Uint8Array): void;
  resize(columns: number, rows: number): void;
  setPace(bytesPerSecond: number): void;
  /** Nobody reads any more, or somebody does again: what the program writes then stays in the line, which holds little. */
  setStopped(isStopped: boolean): void;
  send(signal: NodeJS.Signals): void;
  /** As a pulled cable does: the program gets SIGHUP. One that does not end within five seconds is killed. */
  hangUp(): void;
  /** How the line is set up now; not to be asked after the end. */
  mode(): Promise<LineMode>;
  onOutput(listener: (chunk: Uint8Array) => void): void;
}

export function openPseudoTerminal(parts: LineParts): PseudoTerminal {
  const { line, command, args, environment, columns, rows, bytesPerSecond = 0, folder } = parts;
  const child = spawn(line, [String(columns), String(rows), String(bytesPerSecond), command, ...args], {
    env: environment, stdio: ["pipe", "pipe", "inherit"], ...(folder === undefined ? {} : { cwd: folder }),
  });
  const started = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<LineEnd>();
  const modes: ((mode: LineMode) => void)[] = [];
  const listeners: ((chunk: Uint8Array) => void)[] = [];
  const reader = new FrameReader();
  let carriedBytes = 0;
  const heard: Readonly<Record<string, (body: Buffer) => void>> = {
    p: (body) => { started.resolve(body.readUInt32BE(0)); },
    o: (body) => {
      carriedBytes += body.length;
      for (const listener of listeners) listener(body);
    },
    m: ([bits = 0]) => modes.shift()?.({ isByLines: (bits & 1) !== 0, echoes: (bits & 2) !== 0, hasSignalKeys: (bits & 4) !== 0 }),
    x: ([isSignal, value = 0]) => { ended.resolve(isSignal === 1 ? { code: undefined, signal: nameOf(value) } : { code: value, signal: undefined }); },
  };
  child.stdout.on("data", (chunk: Buffer) => {
    for (const { kind, body } of reader.take(chunk)) heard[kind]?.(body);
  });
  // Keys for a program that has ended are nobody's.
  child.stdin.on("error", () => undefined);
  const failed = (why: Error): void => {
    started.reject(why);
    ended.reject(why);
  };
  started.promise.catch(() => undefined);
  ended.promise.catch(() => undefined);
  child.on("error", failed);
  child.on("close", (code) => { failed(new Error(`the line ended with ${code ?? "a signal"} before its program did`)); });
  const send = (kind: string, body?: Uint8Array): void => { child.stdin.write(frame(kind, body)); };
  return {
    processId: started.promise,
    ended: ended.promise,
    get carriedBytes() { return carriedBytes; },
    type: (keys) => {
      const bytes = Buffer.from(keys);
      for (let at = 0; at < bytes.length; at += mostFrameBytes) send("i", bytes.subarray(at, at + mostFrameBytes));
    },
    resize: (width, height) => { send("w", Buffer.from([width >> 8, width & 0xff, height >> 8, height & 0xff])); },
    setPace: (pace) => { send("r", wordOf(pace)); },
    setStopped: (isStopped) => { send("q", Buffer.from([isStopped ? 1 : 0])); },
    send: (signal) => { send("s", Buffer.from([constants.signals[signal]])); },
    hangUp: () => { send("h"); },
    mode: () => {
      const asked = Promise.withResolvers<LineMode>();
      modes.push(asked.resolve);
      send("m");
      return asked.promise;
    },
    onOutput: (listener) => { listeners.push(listener); },
  };
}

function wordOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function nameOf(number: number): NodeJS.Signals | undefined {
  return (Object.entries(constants.signals) as [NodeJS.Signals, number][]).find(([, value]) => value === number)?.[0];
}
