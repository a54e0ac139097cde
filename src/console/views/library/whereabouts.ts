import type { AppliancePicture, LibraryPicture } from "../../state/index.ts";

export interface Whereabouts {
  readonly library: string;
  readonly kind: NonNullable<LibraryPicture["shown"]>["elements"][number]["kind"];
  readonly number: number;
}

/** Where in which library a cartridge was seen last; undefined outside of them. */
export function whereabouts(barcode: string, { libraries }: AppliancePicture): Whereabouts | undefined {
  for (const { name: library, shown } of libraries) {
    const element = shown?.elements.find((one) => one.barcode === barcode);
    if (element !== undefined) return { library, kind: element.kind, number: element.number };
  }
  return undefined;
}

export function mailSlotsOf({ libraries }: AppliancePicture, library: string): readonly { readonly full: boolean; readonly barcode: string | undefined }[] {
  const elements = libraries.find((one) => one.name === library)?.shown?.elements ?? [];
  return elements.filter(({ kind }) => kind === "mail-slot");
}
