/** The folder in which Debian's package dataset-fashion-mnist puts the data set. */
export const pictures = '/usr/share/datasets/fashion-mnist';
