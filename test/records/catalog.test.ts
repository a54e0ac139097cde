import { openCatalog } from "../../src/records/index.ts";
import { catalogConformance } from "../conformance/catalog.ts";
import { temporaryStore } from "./temporary.ts";

catalogConformance("state database", () => {
  const { store, close } = temporaryStore();
  return { catalog: openCatalog(store), close };
});
