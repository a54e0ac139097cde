import type { AppliancePicture, LibraryPicture } from "../../state/index.ts";
import type { Scene } from "../contract.ts";
import { remember } from "../remember.ts";

/** Where everything is by its barcode: ten thousand rows cannot each look through all volumes and slots. */
export interface Holdings {
  /** Retired ones left out. */
  readonly volumes: ReadonlyMap<string, AppliancePicture["volumes"][number]>;
  readonly elements: ReadonlyMap<string, Held>;
  /** Those with volumes, wherever they are, and those in libraries, whatever is on them; in order. */
  readonly barcodes: readonly string[];
}

export interface Held {
  readonly library: string;
  readonly element: NonNullable<LibraryPicture["shown"]>["elements"][number];
}

export function holdings(scene: Scene): Holdings {
  return remember(scene, "holdings", () => {
    const { appliance } = scene;
    const elements = new Map<string, Held>();
    for (const { name: library, shown } of appliance.libraries) {
      for (const element of shown?.elements ?? []) {
        const { barcode } = element;
        if (barcode !== undefined && !elements.has(barcode)) elements.set(barcode, { library, element });
      }
    }
    const volumes = new Map<string, AppliancePicture["volumes"][number]>();
    for (const one of appliance.volumes) if (one.state !== "retired" && !volumes.has(one.barcode)) volumes.set(one.barcode, one);
    const barcodes = [...new Set([...appliance.volumes.map(({ barcode }) => barcode), ...elements.keys()])].sort();
    return { volumes, elements, barcodes };
  });
}
