import type { FromWorker, ToWorker } from "./contract.ts";
import { familyNamed } from "../families.ts";

/*
 * The process in which the cases of one family run, one after the other. It ends with whoever started it; a case that hangs or takes the process down is
 * noticed from outside, where a loop that never yields can be ended as well.
 */
const [name = "", folder = ""] = process.argv.slice(2);
const family = familyNamed(name)!;
const say = (message: FromWorker): void => { process.send!(message); };

const open = await family.open(folder);
process.on("message", ({ run }: ToWorker) => {
  // A mistake of the campaign itself is an unhandled rejection: the process ends with its text, and the case counts as a crash.
  void open.run(run).then((result) => { say({ kind: "ended", id: run, result }); });
});
process.on("disconnect", () => { process.exit(0); });
say({ kind: "open", cases: open.cases });
