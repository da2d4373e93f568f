package io.tidegate.backplane;

/**
 * A command from one node to others. The backplane carries it and does not read it.
 *
 * @param name which command; a short constant
 * @param body its arguments, encoded by whoever defines the command
 */
public record NodeCommand(String name, Payload body) {}
