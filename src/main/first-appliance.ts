import type { Tongue } from "../console/index.ts";
import type { Operations } from "../operations/index.ts";
import { printable, StrongroomError } from "../words/index.ts";

/**
 * Where there is no appliance yet, its first console offers to make one, before anything is drawn. Whoever does not say `y` gets the error that tells
 * how else it is made; a folder that is somebody's already is never asked about.
 */
export async function offerAppliance(
  stateFolder: string, operations: Pick<Operations, "appliance">, words: Tongue, ask: ((prompt: string) => Promise<string | undefined>) | undefined,
): Promise<void> {
  try {
    await operations.appliance.show();
  } catch (thrown) {
    if (!(thrown instanceof StrongroomError) || thrown.code !== "STATE_MISSING" || ask === undefined) throw thrown;
    if ((await ask(`${words.frame.noAppliance(printable(stateFolder))} `))?.trim() !== "y") throw thrown;
    const typed = (await ask(`${words.questions.name} [vault]: `))?.trim();
    if (typed === undefined) throw thrown;
    await operations.appliance.init({ name: typed === "" ? "vault" : typed, contacts: [] });
  }
}
