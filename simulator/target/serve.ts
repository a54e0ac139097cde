import { createServer, type Server } from "node:net";
import { iscsi } from "../../src/scsi/index.ts";
import { printable, StrongroomError } from "../../src/words/index.ts";
import type { LibraryPort } from "../port/index.ts";
import { MemoryAccount } from "./buffers.ts";
import { defaultLimits, type RunningTarget, type ServedLibrary, type ServeOptions } from "./contract.ts";
import { Place } from "./place.ts";
import { type House, Reception } from "./reception.ts";

/** Serves libraries, one target each. Rejects with kind `usage` for names that are none, and `failed` where nobody can listen there. */
export async function serveLibraries(libraries: readonly ServedLibrary[], options: ServeOptions): Promise<RunningTarget> {
  const places = new Map<string, Place>();
  for (const library of libraries) {
    const { target } = library;
    if (!iscsi.isIscsiName(target) || places.has(target)) {
      throw new StrongroomError("usage", "TARGET_NAME", `${printable(target)} is no iSCSI name, or is given twice; nothing is served`, {
        hint: "name targets as in iqn.2026-11.example:library",
      });
    }
    places.set(target, new Place(library));
  }
  const handles = new Set<number>();
  const limits = { ...defaultLimits, ...options.limits };
  const house: House = {
    clock: options.clock,
    random: options.random,
    limits,
    memory: new MemoryAccount(limits.memoryBytes),
    chap: options.chap,
    digests: options.digests ?? "as-asked",
    places,
    newSessionHandle: () => {
      let handle = 1;
      while (handles.has(handle)) handle += 1;
      handles.add(handle);
      return handle;
    },
    freeSessionHandle: (handle) => { handles.delete(handle); },
    isSessionHandle: (handle) => handles.has(handle),
  };
  const release = await switchOn(libraries);
  try {
    return await listen(house, options.host ?? "127.0.0.1", options.port ?? 0, { sessionCount: () => handles.size, release });
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

/** Drives stay where they are while sessions come and go, as real ones do. */
async function switchOn(libraries: readonly ServedLibrary[]): Promise<() => Promise<void>> {
  const releases: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    for (const one of releases.splice(0)) await one();
  };
  try {
    for (const { port } of libraries) releases.push(await port.keepOn());
    return release;
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

interface Upkeep {
  sessionCount(): number;
  /** Switches the libraries off. */
  release(): Promise<void>;
}

async function listen(house: House, host: string, port: number, { sessionCount, release }: Upkeep): Promise<RunningTarget> {
  const guests = new Set<Reception>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    if (guests.size >= house.limits.connections) {
      socket.destroy();
      return;
    }
    const guest = new Reception(socket, house, () => { guests.delete(guest); });
    if (!guest.line.isEnded) guests.add(guest);
  });
  await begin(server, host, port);
  const address = server.address();
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const stopped = new Promise((resolve) => server.close(resolve));
    await Promise.all([...house.places.values()].map(async (place) => { await place.clear(); }));
    for (const { line, session } of [...guests]) {
      session?.hangUp();
      line.cut();
    }
    await stopped;
    await release();
  };
  return {
    host,
    port: typeof address === "object" && address !== null ? address.port : port,
    targets: [...house.places.keys()],
    get sessionCount() {
      return sessionCount();
    },
    close: () => (closing ??= close()),
  };
}

async function begin(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new StrongroomError("failed", "TARGET_LISTEN", `nobody can listen at ${iscsi.formatPortal({ host, port })}: ${cause.code ?? "unknown"}`, {
        hint: "name another address or port; see what listens there: ss -ltnp", cause,
      }));
    });
    server.listen(port, host, resolve);
  });
}

export const defaultTarget = "iqn.2026-11.internal.strongroom:simulator";

/** One library under one name, for tests and for whoever needs no more. The library stays open when the target is closed. */
export async function serveLibrary(
  library: { readonly name: string; port(): LibraryPort },
  options: ServeOptions & { readonly target?: string },
): Promise<RunningTarget> {
  return await serveLibraries([{ target: options.target ?? defaultTarget, alias: library.name, port: library.port() }], options);
}
