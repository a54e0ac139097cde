import { afterEach, beforeEach, describe } from "vitest";
import type { ArchiveRecord, Catalog } from "../../src/records/index.ts";
import { type Context, bytes, text } from "./catalog-samples.ts";
import { searchTests } from "./catalog-searches.ts";
import { segmentTests, splitTests } from "./catalog-segments.ts";
import { snapshotTests } from "./catalog-snapshots.ts";
import { valueTests } from "./catalog-values.ts";
import { visibilityTests } from "./catalog-visibility.ts";

/** A fresh, empty catalog; `close` gives everything back. */
export type CatalogFactory = () => { readonly catalog: Catalog; readonly close: () => void };

/** What every catalog must do. Snapshot visibility has its own property test against a model. */
export function catalogConformance(name: string, factory: CatalogFactory): void {
  describe(`catalog: ${name}`, () => {
    let catalog: Catalog;
    let archive: ArchiveRecord;
    let close: () => void;
    beforeEach(() => {
      ({ catalog, close } = factory());
      archive = catalog.createArchive("photos", "4d3c0b5e-0000-4000-8000-000000000001");
    });
    afterEach(() => {
      close();
    });
    const paths = (number: number, prefix?: string): string[] =>
      [...catalog.entries(archive, number, prefix === undefined ? undefined : bytes(prefix))].map((entry) => text(entry.path));
    const context = (): Context => ({ catalog, archive, paths });

    describe("archives and snapshots", () => {
      snapshotTests(context);
    });
    describe("segments", () => {
      segmentTests(context);
    });
    describe("split entries", () => {
      splitTests(context);
    });
    describe("what is visible", () => {
      visibilityTests(context);
    });
    describe("searching", () => {
      searchTests(context);
    });
    describe("values", () => {
      valueTests(context);
    });
  });
}
