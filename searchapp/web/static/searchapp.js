// Makes the pages quicker to use; everything works without it.
import { live } from "./results.js";
import { acts } from "./acts.js";
import { keys } from "./keys.js";
import { reading } from "./reading.js";
import { cards } from "./cards.js";
import { saved } from "./saved.js";
import { statistics } from "./statistics.js";
import { suggest } from "./suggest.js";
import { timeline } from "./timeline.js";

keys();
live();
reading();
acts();
cards();
saved();
statistics();
suggest();
timeline();
