import type { EntryRecord, SnapshotRecord } from "../../records/index.ts";
import type { AppliancePicture, Losses } from "../state/index.ts";

/** Where the picture of the appliance comes from. */
export interface Feed {
  /**
   * Reads the records, and the libraries too where they were asked for or where it is time. Never rejects for what one device or one record has:
   * that is in the picture. What could not be read stays as it was known.
   */
  read(options: { readonly libraries: boolean }): Promise<AppliancePicture>;
  /** What would be lost if the volume on that cartridge were written over. */
  losses(barcode: string): Promise<Losses>;
  snapshots(archive: string): Promise<readonly SnapshotRecord[]>;
  /** What lies directly in a directory of a snapshot, the first two thousand by name, and whether there are more; an empty path is the top. */
  directory(archive: string, snapshot: number, path: Uint8Array): Promise<{ readonly entries: readonly EntryRecord[]; readonly hasMore: boolean }>;
}
