import { createMemoryLibrary, defaultTarget, type RunningTarget, serveLibrary, type ServeOptions, type VirtualLibrary } from "../../../simulator/index.ts";
import type { LibraryDescription } from "../../../simulator/index.ts";
import { type IscsiOptions, type IscsiTransports, openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";

export const initiator = "iqn.2026-11.test:initiator";

/** A library in memory behind a target of our own. */
export interface Served {
  readonly library: VirtualLibrary;
  readonly running: RunningTarget;
  readonly portal: string;
  /** An initiator of its own session each. */
  units(options?: Partial<IscsiOptions>): IscsiTransports;
  release(): Promise<void>;
}

export async function serve(description: LibraryDescription, options: Partial<ServeOptions> = {}): Promise<Served> {
  const library = await createMemoryLibrary(description, systemRandom);
  const running = await serveLibrary(library, { clock: systemClock, random: systemRandom, ...options });
  const portal = `127.0.0.1:${String(running.port)}`;
  const opened: IscsiTransports[] = [];
  return {
    library,
    running,
    portal,
    units: (wish = {}) => {
      const units = openIscsiTransports({ portal, target: defaultTarget, initiator, clock: systemClock, random: systemRandom, ...wish });
      opened.push(units);
      return units;
    },
    release: async () => {
      for (const units of opened) await units.close();
      await running.close();
      await library.close();
    },
  };
}
