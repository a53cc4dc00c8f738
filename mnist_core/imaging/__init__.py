"""Operations on pictures that every room needs, once each."""
