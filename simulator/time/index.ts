export { estimates, type TimeFigures, timeFigures } from "./figures.ts";
export { type Geometry, geometryOf, type Place } from "./geometry.ts";
export { type MachineTime, noTime, realTime, VirtualTime } from "./machine-time.ts";
export { createMechanism, type Mechanism } from "./mechanism.ts";
export { type Comparison, comparePublished, robotFigures } from "./published.ts";
export { activities, type Activity, type DriveTimes, letters, Timeline } from "./timeline.ts";
export { UnitTime } from "./unit-time.ts";
