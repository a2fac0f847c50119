"""Names as people in São Paulo bear them: weighted, with accents, particles and second given names.

The weights follow the order of the census (IBGE, “Nomes no Brasil”) roughly; no entry is a real person.
"""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

_WOMEN = (
    "Maria 90,Ana 60,Juliana 24,Adriana 22,Márcia 20,Fernanda 22,Patrícia 22,Aline 18,Sandra 16,Camila 20,"
    "Amanda 18,Bruna 17,Jéssica 16,Letícia 17,Júlia 18,Luciana 16,Vanessa 16,Mariana 18,Gabriela 17,Vera 10,"
    "Vitória 10,Larissa 14,Cláudia 12,Beatriz 15,Luana 11,Rita 9,Sônia 9,Renata 14,Eliane 9,Josefa 5,Simone 10,"
    "Natália 11,Cristiane 10,Carla 9,Débora 10,Rosângela 7,Jaqueline 8,Rosa 6,Daniela 10,Aparecida 6,Marlene 6,"
    "Teresinha 5,Regina 7,Isabela 11,Sophia 7,Helena 9,Alice 8,Laura 8,Manuela 5,Valentina 5,Lívia 7,Heloísa 6,"
    "Cecília 5,Lorena 4,Yasmin 4,Rafaela 8,Tatiane 7,Priscila 9,Viviane 7,Raquel 8,Michele 6,Sueli 5,Neusa 4,"
    "Ivone 3,Conceição 4,Lúcia 6,Teresa 4,Roseli 4,Andréia 7,Sílvia 5,Mônica 6,Elisângela 5,Naiara 2,Thaís 8,"
    "Carolina 9,Bianca 6,Kátia 4,Noemi 2,Inês 2,Akemi 1,Yumi 1,Iracema 1,Jurema 1,Dulce 1,Zilda 1"
)
_MEN = (
    "José 55,João 50,Antônio 34,Francisco 22,Carlos 26,Paulo 24,Pedro 26,Lucas 26,Luiz 24,Marcos 20,Luís 14,"
    "Gabriel 24,Rafael 20,Daniel 18,Marcelo 18,Bruno 17,Eduardo 18,Felipe 18,Raimundo 5,Rodrigo 17,Manoel 6,"
    "Mateus 15,André 15,Fernando 15,Fábio 14,Leonardo 14,Gustavo 16,Guilherme 16,Leandro 12,Tiago 13,Anderson 12,"
    "Ricardo 14,Márcio 11,Jorge 9,Sebastião 5,Alexandre 13,Roberto 11,Edson 8,Diego 12,Vítor 10,Sérgio 9,Cláudio 8,"
    "Matheus 10,Thiago 10,Geraldo 4,Adriano 9,Luciano 8,Júlio 6,Renato 9,Alex 8,Vinícius 12,Rogério 8,Samuel 7,"
    "Ronaldo 6,Mário 5,Flávio 6,Henrique 8,Enzo 5,Miguel 8,Arthur 8,Davi 8,Heitor 5,Bernardo 5,Theo 4,Caio 6,"
    "Igor 6,Otávio 3,César 5,Wagner 5,Wellington 5,Everton 3,Kauã 2,Murilo 4,Nélson 4,Milton 3,Osvaldo 2,"
    "Benedito 2,Hélio 2,Kenji 1,Takashi 1,Iuri 1,Ítalo 1,Ângelo 1"
)
_SURNAMES = (
    "da Silva 90,dos Santos 60,de Oliveira 44,de Souza 40,Rodrigues 26,Ferreira 28,Alves 28,Pereira 28,Lima 26,"
    "Gomes 20,da Costa 18,Ribeiro 19,Martins 17,de Carvalho 16,de Almeida 17,Lopes 13,Soares 13,Fernandes 14,"
    "Vieira 12,Barbosa 14,Rocha 12,Dias 11,Nascimento 14,do Nascimento 6,Andrade 10,Moreira 10,Nunes 10,Marques 8,"
    "Machado 8,Mendes 9,de Freitas 8,Cardoso 8,Ramos 8,Gonçalves 12,Santana 8,Teixeira 8,de Araújo 12,Melo 8,"
    "Pinto 6,Moura 6,Cavalcanti 4,Monteiro 6,Batista 7,Campos 6,Correia 5,Castro 6,Reis 5,Cunha 5,Moraes 6,"
    "Borges 5,Miranda 5,Duarte 5,Peixoto 2,Brandão 3,Guimarães 4,Magalhães 3,Figueiredo 4,Nogueira 5,Sampaio 4,"
    "Siqueira 4,Fonseca 4,Xavier 4,Farias 5,Coelho 4,Aguiar 3,Bezerra 3,Barros 5,Pires 4,Leite 4,Queiroz 3,"
    "Toledo 3,Bueno 3,Camargo 3,Prado 2,Paiva 2,Assunção 2,Conceição 3,da Conceição 3,da Rocha 2,de Jesus 6,"
    "Rossi 3,Ferrari 2,Bianchi 2,Esposito 1,Moretti 2,Lombardi 1,Romano 2,Tanaka 2,Sato 2,Yamamoto 1,Nakamura 1,"
    "Watanabe 1,Suzuki 2,Haddad 1,Khoury 1,Abdalla 1,Schmidt 1,Müller 1,Weber 1,Kowalski 1,Fontoura 1,Sant'Anna 2,"
    "D'Ávila 1,Tupinambá 1,Penteado 1"
)
_SECOND_WOMEN = (
    "Clara,Luísa,Eduarda,Beatriz,Carolina,Paula,Cristina,Helena,Júlia,Cecília,do Carmo,Aparecida,de Fátima,José"
)
_SECOND_MEN = "Paulo,Carlos,Henrique,Vítor,Pedro,Augusto,Eduardo,Gabriel,Miguel,Luiz,Felipe,Antônio,Roberto"
_BEFORE_A_SECOND = frozenset({"Maria", "Ana", "José", "João", "Luiz", "Pedro", "Carlos", "Paulo", "Antônio", "Luís"})


class _Weighted:
    """Words that are drawn as often as their weights say."""

    def __init__(self, written: str) -> None:
        pairs = [entry.rsplit(" ", 1) for entry in written.split(",")]
        self._words = [word for word, _weight in pairs]
        self._sums = list(accumulate(int(weight) for _word, weight in pairs))

    def draw(self, random: Random, count: int) -> list[str]:
        return random.choices(self._words, cum_weights=self._sums, k=count)


_GIVEN = {True: _Weighted(_WOMEN), False: _Weighted(_MEN)}
_SECOND = {True: _SECOND_WOMEN.split(","), False: _SECOND_MEN.split(",")}
_FAMILY = _Weighted(_SURNAMES)


def full_names(random: Random, count: int) -> list[str]:
    """So many full names; every second one or so is a woman's, some repeat, as they do."""
    given = {woman: iter(_GIVEN[woman].draw(random, count)) for woman in (True, False)}
    families = iter(_FAMILY.draw(random, 2 * count))
    return [_full_name(random, given, next(families), next(families)) for _ in range(count)]


def _full_name(random: Random, given: dict[bool, Iterator[str]], first_family: str, last_family: str) -> str:
    woman = random.random() < 0.56
    name = next(given[woman])
    chance = random.random()
    if name in _BEFORE_A_SECOND and chance < 0.7:
        name = f"{name} {random.choice([one for one in _SECOND[woman] if one != name])}"
    # One family name, or two; two particles in a row read like one person's mistake.
    if chance < 0.45 or first_family == last_family:
        return f"{name} {last_family}"
    if " " in first_family and " " in last_family:
        first_family = first_family.split(" ")[1]
    ending = _ending(woman, random)
    return f"{name} {first_family} {last_family}{ending}"


def _ending(woman: bool, random: Random) -> str:
    chance = random.random()
    if woman or chance > 0.05:
        return ""
    return " Júnior" if chance < 0.03 else " Filho" if chance < 0.042 else " Neto"


def family_of(name: str) -> str:
    """The family name a child of this person would bear, with its particle."""
    words = [word for word in name.split() if word not in ("Júnior", "Filho", "Neto")]
    return " ".join(words[-2:]) if len(words) > 2 and words[-2] in ("da", "de", "do", "dos") else words[-1]


def given_name(random: Random, woman: bool) -> str:
    """One given name, for a child or for the name somebody chose."""
    return _GIVEN[woman].draw(random, 1)[0]
