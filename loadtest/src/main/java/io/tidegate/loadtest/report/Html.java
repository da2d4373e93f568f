package io.tidegate.loadtest.report;

/** Text on a page. Stateless. */
final class Html {
  private Html() {}

  /** So that no text of ours or of a server can be markup, in elements and in attributes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
