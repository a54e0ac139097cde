import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createLibrary, createMemoryLibrary, type LibraryDescription, type VirtualLibrary } from "../../simulator/index.ts";
import type { Transport } from "../../src/scsi/index.ts";
import { systemRandom } from "../../src/words/index.ts";
import { drive, move, send, slot, tape } from "./initiator-commands.ts";

export * from "./initiator-commands.ts";

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "library-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export const oneCartridge: LibraryDescription = { cartridges: [{ barcode: "SR0001L8", capacityBytes: 64 * 1024 * 1024 }] };

export async function memoryLibrary(description: LibraryDescription = oneCartridge): Promise<VirtualLibrary> {
  const library = await createMemoryLibrary(description, systemRandom);
  onTestFinished(() => library.close());
  return library;
}

export async function folderLibrary(folder: string, description: LibraryDescription = oneCartridge): Promise<VirtualLibrary> {
  const library = await createLibrary(folder, description, systemRandom);
  onTestFinished(() => library.close());
  return library;
}

/** The first slot's cartridge in the first drive, with all attentions heard. */
export async function loaded(
  library: VirtualLibrary,
): Promise<{ changer: Transport; transport: Transport; drive: ReturnType<typeof tape> }> {
  const changer = await library.transport(0);
  const transport = await library.transport(1);
  await send(changer, [0, 0, 0, 0, 0, 0]);
  await move(changer, slot(0), drive(0));
  const commands = tape(transport);
  while ((await commands.ready()).startsWith("6/")) await Promise.resolve();
  return { changer, transport, drive: commands };
}
