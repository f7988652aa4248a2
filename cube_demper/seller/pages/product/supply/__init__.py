"""«Наличие и предзаказ»: stock by point, edited where it stands."""
