import { it } from "vitest";

/** What a device is known to do wrong: the title of the test that finds it, and why the device cannot pass. */
export type KnownDefects = Readonly<Record<string, string>>;

/**
 * `it` for a suite that meets devices with known defects: such a test must fail, with its reason in the title, so that the run tells every
 * defect, and tells too when one of them is gone.
 */
export function testsWith(defects: KnownDefects): (title: string, body: () => Promise<void>) => void {
  return (title, body) => {
    const defect = defects[title];
    if (defect === undefined) it(title, body);
    else it.fails(`${title} (known defect: ${defect})`, body);
  };
}
