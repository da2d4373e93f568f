package io.tidegate.loadtest;

/**
 * Who publishes what where. Publications of a run are numbered from 0; publishers take turns. A
 * channel's publishers are numbered again, from 0, by their slot in it. Immutable.
 */
sealed interface Layout {
  int channels();

  int publishers();

  int channelOf(long publication);

  int slot(int publisher);

  /** How many publishers a channel has. */
  int slots();

  int channelOfSubscriber(int subscriber);

  /** How many clients subscribe to a channel, of so many in all. */
  int subscribers(int channel, int clients);

  /** Whether the subscribers are the publishers. */
  default boolean everyonePublishes() {
    return true;
  }

  default int publisherOf(long publication) {
    return (int) (publication % publishers());
  }

  /** Publishers of their own, which take turns with the channels; subscribers are spread evenly. */
  record Star(int channels, int publishers) implements Layout {
    @Override
    public int channelOf(long publication) {
      return (int) (publication % channels);
    }

    // A publisher meets every channel whose number leaves the same rest, so that they share slots.
    @Override
    public int slot(int publisher) {
      return publisher / common(channels, publishers);
    }

    @Override
    public int slots() {
      return publishers / common(channels, publishers);
    }

    @Override
    public int channelOfSubscriber(int subscriber) {
      return subscriber % channels;
    }

    @Override
    public int subscribers(int channel, int clients) {
      return clients / channels + (channel < clients % channels ? 1 : 0);
    }

    @Override
    public boolean everyonePublishes() {
      return false;
    }

    private static int common(int a, int b) {
      return b == 0 ? a : common(b, a % b);
    }
  }

  /** Every client publishes to the room it is in. The last room may be smaller. */
  record Rooms(int publishers, int slots) implements Layout {
    @Override
    public int channels() {
      return (publishers + slots - 1) / slots;
    }

    @Override
    public int channelOf(long publication) {
      return publisherOf(publication) / slots;
    }

    @Override
    public int slot(int publisher) {
      return publisher % slots;
    }

    @Override
    public int channelOfSubscriber(int subscriber) {
      return subscriber / slots;
    }

    @Override
    public int subscribers(int channel, int clients) {
      return Math.min(slots, clients - channel * slots);
    }
  }

  /** Every client has a channel of its own, to which one other client publishes: its partner. */
  record Pairs(int publishers) implements Layout {
    @Override
    public int channels() {
      return publishers;
    }

    @Override
    public int channelOf(long publication) {
      return publisherOf(publication) ^ 1;
    }

    @Override
    public int slot(int publisher) {
      return 0;
    }

    @Override
    public int slots() {
      return 1;
    }

    @Override
    public int channelOfSubscriber(int subscriber) {
      return subscriber;
    }

    @Override
    public int subscribers(int channel, int clients) {
      return 1;
    }
  }
}
