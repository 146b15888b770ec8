"""The parts that other sites show of this one: the frame, the code to paste, cards."""
