// Makes the pages quicker to use; everything works without it.
import { live } from "./results.js";
import { keys } from "./keys.js";
import { reading } from "./reading.js";
import { suggest } from "./suggest.js";
import { timeline } from "./timeline.js";

keys();
live();
reading();
suggest();
timeline();
