import type { CartridgeStore } from "./contract.ts";
import type { Content } from "./kept-content.ts";
import { createFolderStore, openFolderStore, removeFolderStore } from "./folder-store.ts";
import { createTape, maxPartitions, type Tape, type TapeLayout } from "./tape.ts";

/**
 * A tape in a folder. How it is divided is the caller's to keep: `keepLayout` makes it durable before it returns. Whatever ends the process meanwhile,
 * every partition of the layout that was kept last has its files.
 */
export async function openFolderTape(
  folder: string,
  access: "read" | "write",
  layout: TapeLayout,
  keepLayout: (layout: TapeLayout) => void,
  content: Content = "kept",
): Promise<Tape> {
  const divide = async (wanted: TapeLayout, [first, ...others]: readonly CartridgeStore[]): Promise<readonly CartridgeStore[]> => {
    await first!.truncate(0);
    for (const store of others) await store.close();
    for (let partition = 1; partition < maxPartitions; partition += 1) {
      // What the old layout has stays until it is the old one, but blank.
      if (partition < wanted.partitions.length || partition <= others.length) await createFolderStore(folder, partition, content);
    }
    keepLayout(wanted);
    for (let partition = wanted.partitions.length; partition < maxPartitions; partition += 1) await removeFolderStore(folder, partition, content);
    return [first!, ...(await openAll(folder, access, content, 1, wanted.partitions.length))];
  };
  return createTape({ layout, stores: await openAll(folder, access, content, 0, layout.partitions.length), divide });
}

async function openAll(folder: string, access: "read" | "write", content: Content, from: number, end: number): Promise<readonly CartridgeStore[]> {
  const stores: CartridgeStore[] = [];
  try {
    for (let partition = from; partition < end; partition += 1) stores.push(await openFolderStore(folder, access, partition, content));
  } catch (error) {
    for (const store of stores) await store.close();
    throw error;
  }
  return stores;
}
