"""What all pages of the county share: the door, the frame around a page, forms."""
