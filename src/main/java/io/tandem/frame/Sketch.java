package io.tandem.frame;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Draws boxes and text onto a copy of a picture. */
public final class Sketch {
  private static final Color BOX = new Color(0xFF, 0x8C, 0x00);
  private static final Color SHADE = new Color(0, 0, 0, 160);
  private static final boolean HAS_FONTS = hasFonts();

  private BufferedImage image;

  /** Starts with a picture. */
  public Sketch(Picture picture) {
    image = image(picture);
  }

  /** A minimal machine may have no font, and then Java has no text. */
  private static boolean hasFonts() {
    try {
      Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      graphics.drawString("a", 0, 0);
      graphics.dispose();
      return true;
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  /** Returns whether this machine can draw text. */
  public static boolean drawsText() {
    return HAS_FONTS;
  }

  /** Draws a box with a text at its top. */
  public void box(double left, double top, double right, double bottom, String text) {
    Graphics2D graphics = graphics();
    int line = Math.max(2, Math.min(image.getWidth(), image.getHeight()) / 200);
    graphics.setColor(BOX);
    graphics.setStroke(new BasicStroke(line));
    int x = (int) Math.round(left);
    int y = (int) Math.round(top);
    graphics.drawRect(x, y, (int) Math.round(right - left), (int) Math.round(bottom - top));
    text(graphics, text, x, y);
    graphics.dispose();
  }

  /** Draws a text at the bottom of the picture. */
  public void caption(String text) {
    Graphics2D graphics = graphics();
    text(graphics, text, 0, image.getHeight());
    graphics.dispose();
  }

  /** Writes a text that ends above {@code bottom}, on a dark ground, inside the picture. */
  private void text(Graphics2D graphics, String text, int left, int bottom) {
    if (!HAS_FONTS) {
      return;
    }
    int size = Math.max(10, image.getHeight() / 30);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
    FontMetrics metrics = graphics.getFontMetrics();
    int height = metrics.getHeight();
    int top = Math.max(0, bottom - height);
    graphics.setColor(SHADE);
    graphics.fillRect(left, top, metrics.stringWidth(text) + size / 2, height);
    graphics.setColor(Color.WHITE);
    graphics.drawString(text, left + size / 4, top + metrics.getAscent());
  }

  /** Puts a picture to the right, both of the height of the larger one. */
  public void beside(Picture right) {
    BufferedImage other = image(right);
    int height = Math.max(image.getHeight(), other.getHeight());
    int ownWidth = scaled(image, height);
    int otherWidth = scaled(other, height);
    BufferedImage both =
        new BufferedImage(ownWidth + otherWidth, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = both.createGraphics();
    // As they are: what the model adds must not be hidden by a smooth enlargement of the frame.
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(image, 0, 0, ownWidth, height, null);
    graphics.drawImage(other, ownWidth, 0, otherWidth, height, null);
    graphics.dispose();
    image = both;
  }

  /** Reduces the picture to a maximum width in pixels; a smaller one stays as it is. */
  public void reduce(int maxWidth) {
    if (image.getWidth() <= maxWidth) {
      return;
    }
    int height =
        Math.max(1, (int) Math.round(image.getHeight() * (double) maxWidth / image.getWidth()));
    BufferedImage small = new BufferedImage(maxWidth, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.drawImage(
        image.getScaledInstance(maxWidth, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
    graphics.dispose();
    image = small;
  }

  private static int scaled(BufferedImage image, int height) {
    return Math.max(1, (int) ((long) image.getWidth() * height / image.getHeight()));
  }

  private Graphics2D graphics() {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return graphics;
  }

  private static BufferedImage image(Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    int[] pixels = new int[picture.width() * picture.height()];
    byte[] rgb = picture.rgb();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          ((rgb[3 * i] & 0xff) << 16) | ((rgb[3 * i + 1] & 0xff) << 8) | (rgb[3 * i + 2] & 0xff);
    }
    image.setRGB(0, 0, picture.width(), picture.height(), pixels, 0, picture.width());
    return image;
  }

  /** Returns the picture as it is drawn. */
  public Picture picture() {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] rgb = new byte[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      rgb[3 * i] = (byte) (pixels[i] >> 16);
      rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
      rgb[3 * i + 2] = (byte) pixels[i];
    }
    return new Picture(width, height, rgb);
  }
}
