export {
  type ChapAccount, type DigestWish, type DiscoveredTarget, type IscsiOptions, type IscsiPlace, type IscsiTiming, type IscsiTransports,
} from "./contract.ts";
export { discoverIscsiTargets } from "./discovery.ts";
export { readSecret as readChapSecret } from "./secret.ts";
export { openIscsiTransports } from "./transports.ts";
