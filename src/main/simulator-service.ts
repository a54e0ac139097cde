import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type FaultRule, openLibrary, parseFaultRules, realTime, type RunningTarget, serveLibraries, type VirtualLibrary } from "../../simulator/index.ts";
import type { DriveReport, ServiceEvents, SimulatorTools } from "../cli/index.ts";
import { iscsi } from "../scsi/index.ts";
import { readChapSecret } from "../transports/iscsi/index.ts";
import { printable, StrongroomError, systemClock, systemRandom } from "../words/index.ts";

type Wish = Parameters<SimulatorTools["serve"]>[0];

/** Serves simulated libraries until the signal comes; then hangs up and lets go of their folders. */
export async function serveSimulators(wish: Wish, signal: AbortSignal, hears: ServiceEvents): Promise<readonly DriveReport[]> {
  const portal = addressOf(wish.listen);
  const libraries: VirtualLibrary[] = [];
  const secrets: Uint8Array[] = [];
  let running: RunningTarget | undefined;
  try {
    const account = wish.chap === undefined ? {} : { chap: readAccount(wish.chap, secrets) };
    const rules = wish.faults === undefined ? [] : readRules(wish.faults.file);
    for (const { folder } of wish.libraries) {
      const timing = wish.timeFactor === undefined ? {} : { timing: { time: realTime(systemClock, wish.timeFactor) } };
      const library = await openLibrary(folder, systemRandom, timing);
      library.watchStrikes(({ lun, cdb, phase, effect }) => { hears.struck(folder, { lun, cdb, phase, fault: effect.kind }); });
      libraries.push(library);
      library.seedFaults(wish.faults?.seed ?? 0);
      for (const rule of rules) library.inject(rule);
      if (wish.diskBytes !== undefined) await library.addDisk(wish.diskBytes);
    }
    const served = wish.libraries.map(({ folder, target }, at) => ({
      folder, target: target ?? nameFor(folder), alias: basename(folder), port: libraries[at]!.port(),
    }));
    const digests = wish.digests ? "required" : "as-asked";
    running = await serveLibraries(served, { ...portal, ...account, digests, clock: systemClock, random: systemRandom });
    hears.listening({
      listen: iscsi.formatPortal(running),
      targets: served.map(({ folder, target, port }, at) => ({ folder, target, drives: libraries[at]!.driveCount, units: port.units() })),
    });
    await untilAborted(signal);
    return wish.timeFactor === undefined ? [] : wish.libraries.flatMap(({ folder }, at) => reportsOf(folder, libraries[at]!));
  } finally {
    await running?.close();
    for (const library of libraries) await library.close();
    for (const secret of secrets) secret.fill(0);
  }
}

const timelineColumns = 72;

function reportsOf(folder: string, library: VirtualLibrary): readonly DriveReport[] {
  return Array.from({ length: library.driveCount }, (_, drive) => {
    const { totalMs, milliseconds, backhitches, bytesWritten, bytesRead } = library.driveTimes(drive);
    return { folder, drive, totalMs, spent: milliseconds, backhitches, bytesWritten, bytesRead, timeline: library.timeline(drive).draw(timelineColumns) };
  });
}

const maxRuleFileBytes = 4_000_000;

function readRules(file: string): readonly FaultRule[] {
  return parseFaultRules(readRuleFile(file));
}

/** Refuses with FAULT_RULE. */
export function readRuleFile(file: string): string {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > maxRuleFileBytes) throw new RangeError(`${String(size)} bytes are too many`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new StrongroomError("usage", "FAULT_RULE", `${printable(file)} could not be read; nothing was changed`, { hint: "name a file of fault rules", cause: error });
  }
  return text;
}

/** Port 0, which no initiator can be told, stands for any that is free. */
function addressOf(listen: string): iscsi.Portal {
  const isAny = listen.endsWith(":0");
  const portal = iscsi.parsePortal(isAny ? `${listen.slice(0, -1)}1` : listen);
  if (portal === undefined) {
    throw new StrongroomError("usage", "LISTEN_ADDRESS", `${printable(listen)} is no address to listen at; nothing is served`, {
      hint: "write it as 127.0.0.1:3260, 0.0.0.0 or [::1]:3260",
    });
  }
  return isAny ? { ...portal, port: 0 } : portal;
}

function readAccount({ user, secretFile, own }: NonNullable<Wish["chap"]>, secrets: Uint8Array[]) {
  const read = (file: string): Uint8Array => {
    const secret = readChapSecret(file);
    secrets.push(secret);
    return secret;
  };
  const account = { user, secret: read(secretFile) };
  if (own === undefined) return account;
  const ownSecret = read(own.secretFile);
  if (Buffer.compare(ownSecret, account.secret) === 0) {
    throw new StrongroomError("usage", "CHAP_SECRETS_SAME", "both sides have the same CHAP secret, so that each could be made to answer for the other; nothing is served", {
      hint: "give each side a secret of its own",
    });
  }
  return { ...account, own: { user: own.user, secret: ownSecret } };
}

/** The folder's own name, in the characters that a target's name may have (RFC 3722). */
function nameFor(folder: string): string {
  const name = basename(folder).toLowerCase().replace(/[^a-z0-9.-]+/g, "-").replace(/^-+|-+$/g, "");
  return `iqn.2026-11.internal.strongroom:${name === "" ? "simulator" : name}`;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => { signal.addEventListener("abort", () => { resolve(); }, { once: true }); });
}
